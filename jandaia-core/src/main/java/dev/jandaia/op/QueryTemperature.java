package dev.jandaia.op;

import java.util.Arrays;

/**
 * q_p ← q_p·(1 + beta·ln(1 + ⌊(p + offset)/interval⌋)) for the query at position p (2501.19399), in
 * place: it needs nothing of its input to go backwards but the positions.
 *
 * @param beta strength
 * @param interval positions without a change
 * @param offset added to the position
 */
public record QueryTemperature(float beta, int interval, int offset) {

  /** Scales each row of {@code q [M, H·D]} by the factor of its position; returns q. */
  public Matrix apply(Compute compute, Matrix q, Batch batch) {
    scale(compute, q.data(), q, batch.positions());
    if (compute.recording()) {
      int[] positions = Arrays.copyOf(batch.positions(), batch.size());
      compute.record(() -> scale(compute, q.grad(), q, positions));
    }
    return q;
  }

  private void scale(Compute compute, float[] values, Matrix shape, int[] positions) {
    for (int row = 0; row < shape.rows(); row++) {
      compute.kernels().scale(factor(positions[row]), values, shape.offset(row), shape.cols());
    }
  }

  private float factor(int position) {
    return (float) (1 + beta * Math.log1p((position + offset) / interval));
  }
}
