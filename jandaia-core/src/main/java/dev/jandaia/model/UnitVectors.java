package dev.jandaia.model;

import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.RmsGain;
import dev.jandaia.op.RmsNorm;

/**
 * Brings the heads of queries and keys to unit length, x/√(Σx² + 1e-6), and divides queries by
 * √headDim: what the delta rule asks for. That is RMSNorm with a constant gain.
 */
record UnitVectors(RmsGain queryGain, RmsGain keyGain, float epsilon) {
  /** What the published code adds to Σx². */
  private static final double EPSILON = 1e-6;

  static UnitVectors of(int headDim) {
    float length = (float) (1 / Math.sqrt(headDim));
    return new UnitVectors(
        RmsGain.constant(headDim, 1f / headDim),
        RmsGain.constant(headDim, length),
        (float) (EPSILON / headDim));
  }

  Matrix queries(Compute compute, Matrix x) {
    return RmsNorm.apply(compute, x, queryGain, epsilon);
  }

  Matrix keys(Compute compute, Matrix x) {
    return RmsNorm.apply(compute, x, keyGain, epsilon);
  }
}
