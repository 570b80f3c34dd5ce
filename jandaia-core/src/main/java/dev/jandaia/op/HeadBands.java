package dev.jandaia.op;

import dev.jandaia.kernel.WeightMatrix;
import dev.jandaia.kernel.Workers;

/**
 * Per-head use of a weight whose rows hold the heads one after another: what lets latent attention
 * (2405.04434) work on latents. Without gradients; training uses the expanded form.
 */
public final class HeadBands {
  private HeadBands() {}

  /**
   * A band of rows in each head: rows head·step + first … + rows.
   *
   * @param first row of the band within a head
   * @param step rows of the weight per head
   * @param rows rows of the band
   */
  public record Band(int first, int step, int rows) {}

  /**
   * y_h += x_h·W_h: takes each head's query from key space to latent space.
   *
   * @param x {@code [M, heads·xStep]}; head h's input is the first {@code band.rows} elements from
   *     h·xStep
   * @param y {@code [M, heads·yStep]}, zeroed; head h's output is the first {@code W.cols} elements
   *     from h·yStep
   */
  public static void multiplyTransposed(
      Compute compute,
      Matrix x,
      int xStep,
      MatrixParameter weight,
      Band band,
      Matrix y,
      int yStep) {
    compute.headBandTask.run(x, xStep, weight.weight(), band, y, yStep, true);
  }

  /**
   * y_h = x_h·W_hᵀ: takes each head's sum of latents to value space.
   *
   * @param x {@code [M, heads·xStep]}
   * @param y {@code [M, heads·yStep]}
   */
  public static void multiply(
      Compute compute,
      Matrix x,
      int xStep,
      MatrixParameter weight,
      Band band,
      Matrix y,
      int yStep) {
    compute.headBandTask.run(x, xStep, weight.weight(), band, y, yStep, false);
  }

  static final class Task implements Workers.Range {
    private final Compute compute;
    private Matrix x;
    private int xStep;
    private WeightMatrix weight;
    private Band band;
    private Matrix y;
    private int yStep;
    private boolean transposed;

    Task(Compute compute) {
      this.compute = compute;
    }

    void run(
        Matrix input,
        int inputStep,
        WeightMatrix w,
        Band rows,
        Matrix output,
        int outputStep,
        boolean backwards) {
      x = input;
      xStep = inputStep;
      weight = w;
      band = rows;
      y = output;
      yStep = outputStep;
      transposed = backwards;
      int heads = w.rows() / rows.step();
      compute.forEach(heads, (long) input.rows() * rows.rows() * w.cols(), this);
    }

    @Override
    public void run(int from, int to, int worker) {
      for (int head = from; head < to; head++) {
        int firstRow = head * band.step() + band.first();
        int lastRow = firstRow + band.rows();
        if (transposed) {
          weight.multiplyTransposed(
              x.data(),
              head * xStep,
              x.cols(),
              x.rows(),
              y.data(),
              head * yStep,
              y.cols(),
              firstRow,
              lastRow,
              0,
              weight.cols());
        } else {
          weight.multiply(
              x.data(),
              head * xStep,
              x.cols(),
              x.rows(),
              y.data(),
              head * yStep - firstRow,
              y.cols(),
              firstRow,
              lastRow);
        }
      }
    }
  }
}
