package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;

/**
 * The backward pass of {@link RmsNorm}. With n = x·r: dx += r·(g·dy − n·mean(g·dy·n)), dg += dy·n.
 * Rows are cut into bands, each with a gain gradient of its own; these are added in order, so that
 * the result does not depend on the threads.
 */
final class RmsNormBackward {
  private static final int BANDS = 16;

  private final Kernels kernels;
  private final Compute compute;
  private final Matrix x;
  private final float[] g;
  private final float[] dGain;
  private final float epsilon;
  private final Matrix y;

  RmsNormBackward(Compute compute, Matrix x, RmsGain gain, float epsilon, Matrix y) {
    this.kernels = compute.kernels();
    this.compute = compute;
    this.x = x;
    this.g = gain.values();
    this.dGain = gain.grad();
    this.epsilon = epsilon;
    this.y = y;
  }

  void run() {
    float[][] bandGains = new float[BANDS][g.length];
    int rows = Math.ceilDiv(x.rows(), BANDS);
    compute.forEach(
        BANDS,
        (long) rows * x.cols(),
        (from, to, worker) -> {
          float[] gdy = new float[g.length];
          for (int band = from; band < to; band++) {
            int last = Math.min(x.rows(), (band + 1) * rows);
            for (int row = band * rows; row < last; row++) {
              row(x.offset(row), gdy, bandGains[band]);
            }
          }
        });
    if (dGain.length > 0) {
      for (float[] bandGain : bandGains) {
        kernels.add(bandGain, 0, dGain, 0, dGain.length);
      }
    }
  }

  private void row(int rowOffset, float[] gdy, float[] bandGain) {
    int width = g.length;
    for (int offset = rowOffset; offset < rowOffset + x.cols(); offset += width) {
      float r = RmsNorm.inverseRms(kernels, x.data(), offset, width, epsilon);
      System.arraycopy(y.grad(), offset, gdy, 0, width);
      kernels.multiply(g, 0, gdy, 0, width);
      float mean = kernels.dot(gdy, 0, x.data(), offset, width) * r / width;
      addGradients(x.data(), y.grad(), x.grad(), offset, gdy, r, mean, bandGain);
    }
  }

  private static void addGradients(
      float[] x,
      float[] dy,
      float[] dx,
      int offset,
      float[] gdy,
      float r,
      float mean,
      float[] dGain) {
    for (int i = 0; i < gdy.length; i++) {
      float n = x[offset + i] * r;
      dx[offset + i] += r * (gdy[i] - n * mean);
      dGain[i] += dy[offset + i] * n;
    }
  }
}
