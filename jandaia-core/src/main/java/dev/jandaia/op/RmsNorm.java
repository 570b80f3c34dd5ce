package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;

/**
 * RMSNorm (1910.07467): y = x·r·g, r = 1/√(mean(x²) + epsilon). A row may hold several groups that
 * are normalised each on its own with the same gain: the heads of QK-norm.
 */
public final class RmsNorm {
  private RmsNorm() {}

  /**
   * @param x {@code [M, groups·width]}
   * @param gain {@code [width]}
   * @return a new matrix of the shape of x
   */
  public static Matrix apply(Compute compute, Matrix x, RmsGain gain, float epsilon) {
    Matrix y = compute.take(x.rows(), x.cols());
    compute.rmsNormForward.run(x, gain.values(), epsilon, y);
    if (compute.recording()) {
      compute.record(() -> new RmsNormBackward(compute, x, gain, epsilon, y).run());
    }
    return y;
  }

  static float inverseRms(Kernels kernels, Matrix x, int offset, int width, float epsilon) {
    double meanSquare = (double) kernels.sumOfSquares(x.data(), offset, width) / width;
    return (float) (1 / Math.sqrt(meanSquare + epsilon));
  }

  static final class Forward implements Workers.Range {
    private final Compute compute;
    private Matrix x;
    private float[] gain;
    private float epsilon;
    private Matrix y;

    Forward(Compute compute) {
      this.compute = compute;
    }

    void run(Matrix input, float[] gainValues, float eps, Matrix output) {
      x = input;
      gain = gainValues;
      epsilon = eps;
      y = output;
      compute.forEach(x.rows(), x.cols(), this);
    }

    @Override
    public void run(int from, int to, int worker) {
      Kernels kernels = compute.kernels();
      int width = gain.length;
      for (int offset = x.offset(from); offset < x.offset(to); offset += width) {
        float r = inverseRms(kernels, x, offset, width, epsilon);
        kernels.scaleByGain(x.data(), offset, r, gain, 0, y.data(), offset, width);
      }
    }
  }
}
