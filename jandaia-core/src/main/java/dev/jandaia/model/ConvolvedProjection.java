package dev.jandaia.model;

import dev.jandaia.op.Batch;
import dev.jandaia.op.CausalConvolution;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.PointFunction;
import dev.jandaia.op.Pointwise;
import dev.jandaia.op.Projections;
import dev.jandaia.op.RowSource;
import dev.jandaia.op.VectorParameter;

/**
 * act(convolution(W·x)), the way of queries, keys and values into linear attention.
 *
 * @param layer whose cache holds the last inputs
 * @param firstInput where this convolution's inputs begin in that cache
 */
record ConvolvedProjection(
    Projection projection,
    VectorParameter convolution,
    PointFunction activation,
    int layer,
    int firstInput) {

  /** The place of convolutions in a layer: of {@code taps} tokens each, one after another. */
  record Place(int layer, int taps, PointFunction activation) {

    /** The convolution behind {@code channelsBefore} channels of others. */
    ConvolvedProjection of(
        Weights weights, String path, int width, int hiddenSize, int channelsBefore) {
      return new ConvolvedProjection(
          Projection.of(weights, path, width, hiddenSize, false),
          weights.vector(path + "Convolution.weight", width * taps),
          activation,
          layer,
          channelsBefore * (taps - 1));
    }
  }

  /** W·x, together with others. */
  Matrix join(Projections projections, RowSource x) {
    return projection.join(projections, x);
  }

  /** What becomes of {@code projected}, the result of {@link #join}. */
  Matrix convolve(Compute compute, Batch batch, Matrix projected) {
    Matrix convolved =
        CausalConvolution.apply(compute, batch, layer, firstInput, projected, convolution);
    return Pointwise.apply(compute, convolved, activation);
  }
}
