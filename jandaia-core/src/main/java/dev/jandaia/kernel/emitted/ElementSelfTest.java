package dev.jandaia.kernel.emitted;

import java.util.Arrays;

/**
 * A short array through each of {@link ElementKernels} against plain loops, before they are
 * trusted: see {@link SelfTest}.
 */
final class ElementSelfTest {
  /** A pass of sixteen and three more; even, for rotations. */
  private static final int LENGTH = 38;

  private static final int FIRST = 3;
  private static final double TOLERANCE = 1e-5;

  private final ElementKernels kernels;

  ElementSelfTest(ElementKernels kernels) {
    this.kernels = kernels;
  }

  boolean passes() {
    return sumsAreRight() && updatesAreRight() && gatesAreRight() && rotationsAreRight();
  }

  private static float[] numbers(int seed) {
    float[] numbers = new float[FIRST + LENGTH + 1];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) (2 * Math.sin(seed + i));
    }
    return numbers;
  }

  private interface Element {
    double of(double x, double y);
  }

  private interface Kernel {
    void apply(float[] x, float[] y, float[] out);
  }

  private static boolean close(double expected, double found) {
    return Math.abs(expected - found) <= TOLERANCE * (1 + Math.abs(expected));
  }

  /** Whether {@code kernel} writes {@code element} of x and y, and nothing beside. */
  private static boolean computes(Kernel kernel, Element element) {
    float[] x = numbers(1);
    float[] y = numbers(2);
    float[] out = y.clone();
    kernel.apply(x, y, out);
    boolean right = out[FIRST - 1] == y[FIRST - 1] && out[FIRST + LENGTH] == y[FIRST + LENGTH];
    for (int i = FIRST; i < FIRST + LENGTH; i++) {
      right &= close(element.of(x[i], y[i]), out[i]);
    }
    return right;
  }

  private boolean sumsAreRight() {
    float[] x = numbers(1);
    float[] y = numbers(2);
    double dot = 0;
    double max = Double.NEGATIVE_INFINITY;
    double powers = 0;
    for (int i = FIRST; i < FIRST + LENGTH; i++) {
      dot += (double) x[i] * y[i];
      max = Math.max(max, x[i]);
      powers += Math.exp(x[i] - 1);
    }
    return close(dot, kernels.dot(x, FIRST, y, FIRST, LENGTH))
        && close(max, kernels.max(x, FIRST, LENGTH))
        && close(powers, kernels.expSum(x.clone(), FIRST, LENGTH, 1));
  }

  private boolean updatesAreRight() {
    return computes((x, y, out) -> kernels.add(x, FIRST, out, FIRST, LENGTH), (x, y) -> x + y)
        && computes((x, y, out) -> kernels.multiply(x, FIRST, out, FIRST, LENGTH), (x, y) -> x * y)
        && computes(
            (x, y, out) -> kernels.axpy(3, x, FIRST, out, FIRST, LENGTH), (x, y) -> 3 * x + y)
        && computes((x, y, out) -> kernels.scale(3, out, FIRST, LENGTH), (x, y) -> 3 * y)
        && computes(
            (x, y, out) -> kernels.scaleByGain(x, FIRST, 3, y, FIRST, out, FIRST, LENGTH),
            (x, y) -> 3 * x * y)
        && computes(
            (x, y, out) -> kernels.expSum(out, FIRST, LENGTH, 1), (x, y) -> Math.exp(y - 1));
  }

  private boolean gatesAreRight() {
    return computes(
            (x, y, out) -> kernels.siluMultiply(x, FIRST, y, FIRST, out, FIRST, LENGTH),
            (x, y) -> x / (1 + Math.exp(-x)) * y)
        && computes(
            (x, y, out) -> kernels.geluTanhMultiply(x, FIRST, y, FIRST, out, FIRST, LENGTH),
            (x, y) ->
                x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) * y);
  }

  private boolean rotationsAreRight() {
    int half = LENGTH / 2;
    float[] cos = numbers(3);
    float[] sin = numbers(4);
    float[] x = numbers(5);
    float[] halves = x.clone();
    float[] pairs = x.clone();
    kernels.rotateHalves(halves, FIRST, cos, sin, 1, half, -1);
    kernels.rotatePairs(pairs, FIRST, cos, sin, 1, half, -1);
    boolean right = Arrays.equals(x, 0, FIRST, halves, 0, FIRST);
    for (int i = 0; i < half; i++) {
      right &= isRotated(x, halves, FIRST + i, FIRST + half + i, cos[1 + i], -sin[1 + i]);
      right &= isRotated(x, pairs, FIRST + 2 * i, FIRST + 2 * i + 1, cos[1 + i], -sin[1 + i]);
    }
    return right;
  }

  private static boolean isRotated(
      float[] x, float[] found, int first, int second, double cos, double sin) {
    return close(x[first] * cos - x[second] * sin, found[first])
        && close(x[second] * cos + x[first] * sin, found[second]);
  }
}
