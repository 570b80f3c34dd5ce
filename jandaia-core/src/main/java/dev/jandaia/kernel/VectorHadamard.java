package dev.jandaia.kernel;

import static dev.jandaia.kernel.Lanes.COUNT;
import static dev.jandaia.kernel.Lanes.F32;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/** The Walsh–Hadamard transform by butterflies: within registers first, then between them. */
final class VectorHadamard {
  private static final VectorShuffle<Float> SWAP_1 = swap(1);
  private static final VectorShuffle<Float> SWAP_2 = swap(2);
  private static final VectorShuffle<Float> SWAP_4 = swap(4 % COUNT);
  private static final VectorShuffle<Float> SWAP_8 = swap(8 % COUNT);
  private static final float[] SIGNS_1 = signs(1);
  private static final float[] SIGNS_2 = signs(2);
  private static final float[] SIGNS_4 = signs(4);
  private static final float[] SIGNS_8 = signs(8);

  private VectorHadamard() {}

  private static VectorShuffle<Float> swap(int distance) {
    return VectorShuffle.fromOp(F32, lane -> lane ^ distance);
  }

  private static float[] signs(int distance) {
    float[] signs = new float[COUNT];
    for (int lane = 0; lane < COUNT; lane++) {
      signs[lane] = (lane & distance) == 0 ? 1 : -1;
    }
    return signs;
  }

  /** {@link Kernels#hadamard}. */
  static void transform(float[] x, int xo, int length) {
    if (length < COUNT) {
      ScalarKernels.transform(x, xo, length);
      return;
    }
    within(x, xo, length, (float) (1 / Math.sqrt(length)));
    for (int half = COUNT; half < length; half *= 2) {
      for (int first = xo; first < xo + length; first += 2 * half) {
        for (int i = first; i < first + half; i += COUNT) {
          FloatVector a = FloatVector.fromArray(F32, x, i);
          FloatVector b = FloatVector.fromArray(F32, x, i + half);
          a.add(b).intoArray(x, i);
          a.sub(b).intoArray(x, i + half);
        }
      }
    }
  }

  private static void within(float[] x, int xo, int length, float factor) {
    FloatVector signs1 = FloatVector.fromArray(F32, SIGNS_1, 0);
    FloatVector signs2 = FloatVector.fromArray(F32, SIGNS_2, 0);
    FloatVector signs4 = FloatVector.fromArray(F32, SIGNS_4, 0);
    FloatVector signs8 = FloatVector.fromArray(F32, SIGNS_8, 0);
    for (int i = xo; i < xo + length; i += COUNT) {
      FloatVector a = FloatVector.fromArray(F32, x, i).mul(factor);
      a = a.fma(signs1, a.rearrange(SWAP_1));
      a = a.fma(signs2, a.rearrange(SWAP_2));
      if (COUNT > 4) {
        a = a.fma(signs4, a.rearrange(SWAP_4));
      }
      if (COUNT > 8) {
        a = a.fma(signs8, a.rearrange(SWAP_8));
      }
      a.intoArray(x, i);
    }
  }
}
