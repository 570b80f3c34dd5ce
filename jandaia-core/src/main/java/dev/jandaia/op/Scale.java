package dev.jandaia.op;

/** y = factor·x, in place. */
public final class Scale {
  private Scale() {}

  /** Scales {@code x} in place and returns it. */
  public static Matrix apply(Compute compute, Matrix x, float factor) {
    if (factor == 1) {
      return x;
    }
    compute.kernels().scale(factor, x.data(), 0, x.size());
    if (compute.recording()) {
      compute.record(() -> compute.kernels().scale(factor, x.grad(), 0, x.size()));
    }
    return x;
  }
}
