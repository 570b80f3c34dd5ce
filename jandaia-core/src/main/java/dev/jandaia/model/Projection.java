package dev.jandaia.model;

import dev.jandaia.op.Compute;
import dev.jandaia.op.Linear;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.MatrixParameter;
import dev.jandaia.op.Projections;
import dev.jandaia.op.VectorParameter;
import java.util.Optional;

/** A linear map with or without a bias, at {@code path.weight} and {@code path.bias}. */
record Projection(MatrixParameter weight, Optional<VectorParameter> bias) {

  static Projection of(Weights weights, String path, int out, int in, boolean bias) {
    return new Projection(
        weights.matrix(path + ".weight", out, in),
        bias ? Optional.of(weights.vector(path + ".bias", out)) : Optional.empty());
  }

  Matrix apply(Compute compute, Matrix x) {
    return Linear.apply(compute, x, weight, bias);
  }

  /** As {@link #apply}, together with others: the result is there when they are run. */
  Matrix join(Projections projections, Matrix x) {
    return projections.add(x, weight, bias);
  }
}
