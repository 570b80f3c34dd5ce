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

  /**
   * As {@link #apply}, made as projections read them, unless gradients have to go back through
   * them. {@code x} stays as it is until then.
   */
  public static RowSource rows(Compute compute, Matrix x, RmsGain gain, float epsilon) {
    return compute.recording()
        ? apply(compute, x, gain, epsilon)
        : compute.takeNormalisedRows().of(compute, x, gain.values(), epsilon);
  }

  /** The groups among {@code length} elements of x, from {@code xOffset} on. */
  static void normalise(
      Kernels kernels,
      float[] x,
      int xOffset,
      float[] gain,
      float epsilon,
      float[] y,
      int yOffset,
      int length) {
    int width = gain.length;
    for (int i = 0; i < length; i += width) {
      float r = inverseRms(kernels, x, xOffset + i, width, epsilon);
      kernels.scaleByGain(x, xOffset + i, r, gain, 0, y, yOffset + i, width);
    }
  }

  static float inverseRms(Kernels kernels, float[] x, int offset, int width, float epsilon) {
    double meanSquare = (double) kernels.sumOfSquares(x, offset, width) / width;
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
      int offset = x.offset(from);
      int length = x.offset(to) - offset;
      normalise(compute.kernels(), x.data(), offset, gain, epsilon, y.data(), offset, length);
    }
  }
}
