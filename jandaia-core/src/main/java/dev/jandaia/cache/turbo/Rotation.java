package dev.jandaia.cache.turbo;

import dev.jandaia.kernel.Kernels;
import java.util.Random;

/**
 * A random rotation that takes time d·log d: signs drawn at random, then a Walsh–Hadamard
 * transform, which spreads each element over all. Where d is no power of two the transform takes
 * the first elements that are one, then the last, and all of that twice. Exactly orthogonal; its
 * inverse goes the same steps backwards.
 */
public final class Rotation {
  private final int dim;
  private final int span;
  private final float[][] signs;

  private Rotation(int dim, float[][] signs) {
    this.dim = dim;
    this.span = Integer.highestOneBit(dim);
    this.signs = signs;
  }

  /** The rotation of vectors of {@code dim} elements that {@code seed} names. */
  public static Rotation of(int dim, long seed) {
    Random random = new Random(seed);
    int steps = Integer.bitCount(dim) == 1 ? 1 : 4;
    float[][] signs = new float[steps][dim];
    for (float[] step : signs) {
      for (int i = 0; i < dim; i++) {
        step[i] = random.nextBoolean() ? 1 : -1;
      }
    }
    return new Rotation(dim, signs);
  }

  /** One step with given signs; their number is a power of two. */
  static Rotation of(float[] signs) {
    return new Rotation(signs.length, new float[][] {signs});
  }

  /** Rotates one vector in place. */
  public void apply(Kernels kernels, float[] x, int offset) {
    for (int step = 0; step < signs.length; step++) {
      kernels.multiply(signs[step], 0, x, offset, dim);
      kernels.hadamard(x, offset + start(step), span);
    }
  }

  /** Undoes {@link #apply}. */
  public void undo(Kernels kernels, float[] x, int offset) {
    for (int step = signs.length - 1; step >= 0; step--) {
      kernels.hadamard(x, offset + start(step), span);
      kernels.multiply(signs[step], 0, x, offset, dim);
    }
  }

  private int start(int step) {
    return step % 2 == 0 ? 0 : dim - span;
  }
}
