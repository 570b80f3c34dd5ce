package dev.jandaia.model;

import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.VectorParameter;
import dev.jandaia.spec.HyperConnections;

/**
 * What leads from the streams of a token to the coefficients of {@link HyperConnections}, before
 * these are given their form.
 *
 * @param norm of all streams together
 * @param logits from there to one number per coefficient
 * @param scale of each part
 * @param base added to each coefficient
 */
record StreamConnection(
    NormLayer norm, Projection logits, VectorParameter scale, VectorParameter base) {

  /**
   * @param coefficients how many there are
   * @param parts how many parts they have
   */
  static StreamConnection of(
      HyperConnections wiring,
      Weights weights,
      String path,
      int coefficients,
      int parts,
      int hiddenSize) {
    int width = wiring.streams() * hiddenSize;
    return new StreamConnection(
        NormLayer.of(wiring.norm(), weights, path + ".norm", width),
        Projection.of(weights, path + ".coefficients", coefficients, width, false),
        weights.vector(path + ".scale", parts),
        weights.vector(path + ".base", coefficients));
  }

  /** {@code [M, n·C] → [M, coefficients]}. */
  Matrix logits(Compute compute, Matrix streams) {
    return logits.apply(compute, norm.apply(compute, streams));
  }
}
