package dev.jandaia.model;

import dev.jandaia.op.Compute;
import dev.jandaia.op.Linear;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.MatrixParameter;
import dev.jandaia.op.Projections;
import dev.jandaia.op.RowSource;
import dev.jandaia.op.VectorParameter;
import java.util.Optional;

/** A linear map with or without a bias, at {@code path.weight} and {@code path.bias}. */
record Projection(MatrixParameter weight, Optional<VectorParameter> bias) {

  static Projection of(Weights weights, String path, int out, int in, boolean bias) {
    return new Projection(
        weights.matrix(path + ".weight", out, in),
        bias ? Optional.of(weights.vector(path + ".bias", out)) : Optional.empty());
  }

  Matrix apply(Compute compute, RowSource x) {
    return Linear.apply(compute, x, weight, bias);
  }

  /** As {@link #apply}, together with others: the result is there when they are run. */
  Matrix join(Projections projections, RowSource x) {
    return projections.add(x, weight, bias);
  }

  /** As {@link #join}, for some rows of {@code x}, which become the same rows of {@code y}. */
  void joinRows(Projections projections, RowSource x, int first, int rows, Matrix y) {
    projections.addRows(x, first, rows, weight, bias, y);
  }
}
