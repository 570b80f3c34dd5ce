package dev.jandaia.kernel.emitted;

/**
 * Small products of floats by new machine code against plain loops, before the code is trusted: see
 * {@link SelfTest}.
 */
final class FloatSelfTest {
  private static final int COUNT = 21;
  private static final int DIM = 37;
  private static final double TOLERANCE = 1e-5;

  private final FloatProducts products;

  FloatSelfTest(FloatProducts products) {
    this.products = products;
  }

  /** Whether few rows and many are multiplied as they should be. */
  boolean passes() {
    return dotsAreRight(1) && dotsAreRight(13) && sumsAreRight(1) && sumsAreRight(13);
  }

  private static float[] numbers(int length) {
    float[] numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = (float) Math.sin(i + length);
    }
    return numbers;
  }

  private boolean dotsAreRight(int rows) {
    float[] q = numbers(rows * DIM);
    float[] k = numbers(COUNT * DIM);
    float[] found = new float[rows * COUNT];
    products.dots(q, 0, DIM, rows, k, 0, DIM, COUNT, DIM, found, 0, COUNT);
    boolean right = true;
    for (int i = 0; i < found.length; i++) {
      double sum = 0;
      for (int d = 0; d < DIM; d++) {
        sum += (double) q[i / COUNT * DIM + d] * k[i % COUNT * DIM + d];
      }
      right &= Math.abs(found[i] - sum) <= TOLERANCE * DIM;
    }
    return right;
  }

  private boolean sumsAreRight(int rows) {
    float[] p = numbers(rows * COUNT);
    float[] v = numbers(COUNT * DIM);
    float[] found = new float[rows * DIM];
    products.addSums(p, 0, COUNT, rows, v, 0, DIM, COUNT, DIM, found, 0, DIM);
    boolean right = true;
    for (int i = 0; i < found.length; i++) {
      double sum = 0;
      for (int j = 0; j < COUNT; j++) {
        sum += (double) p[i / DIM * COUNT + j] * v[j * DIM + i % DIM];
      }
      right &= Math.abs(found[i] - sum) <= TOLERANCE * COUNT;
    }
    return right;
  }
}
