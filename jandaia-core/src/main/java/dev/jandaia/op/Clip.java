package dev.jandaia.op;

/** y = min(max(x, −bound), bound), element by element (OLMoE, 2409.02060). */
public final class Clip {
  private Clip() {}

  /**
   * Clips {@code x}, of any shape. Without a tape in place, because nothing will ask for the old x
   * again.
   */
  public static Matrix apply(Compute compute, Matrix x, float bound) {
    Matrix y = compute.recording() ? compute.take(x.rows(), x.cols()) : x;
    for (int i = 0; i < x.size(); i++) {
      y.data()[i] = Math.clamp(x.data()[i], -bound, bound);
    }
    if (compute.recording()) {
      compute.record(() -> backward(x, bound, y));
    }
    return y;
  }

  /** dx += dy where x was not clipped. */
  private static void backward(Matrix x, float bound, Matrix y) {
    for (int i = 0; i < x.size(); i++) {
      if (Math.abs(x.data()[i]) <= bound) {
        x.grad()[i] += y.grad()[i];
      }
    }
  }
}
