package dev.jandaia.op;

import dev.jandaia.kernel.Workers;

/**
 * How much of a recurrent state survives a token: y = exp(−exp(a)·softplus(x)), between 0 and 1,
 * softplus(x) = ln(1 + exp(x)). Each a serves the elements of one head.
 */
public final class Decay {
  private Decay() {}

  /**
   * @param x {@code [M, H·n]}
   * @param logRate {@code [H]}, a
   * @return {@code [M, H·n]}
   */
  public static Matrix apply(Compute compute, Matrix x, VectorParameter logRate) {
    Matrix y = compute.take(x.rows(), x.cols());
    compute.decayForward.run(compute, x, logRate.values(), y);
    if (compute.recording()) {
      compute.record(() -> backward(x, logRate, y));
    }
    return y;
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  /** With g = ln y: dx += dy·y·(−exp(a)·σ(x)), da += dy·y·g. */
  private static void backward(Matrix x, VectorParameter logRate, Matrix y) {
    int perHead = x.cols() / logRate.size();
    for (int i = 0; i < x.size(); i++) {
      int head = i % x.cols() / perHead;
      double rate = Math.exp(logRate.values()[head]);
      double dLog = (double) y.grad()[i] * y.data()[i];
      x.grad()[i] -= (float) (dLog * rate * PointFunction.sigmoid(x.data()[i]));
      if (logRate.trainable()) {
        logRate.grad()[head] -= (float) (dLog * rate * softplus(x.data()[i]));
      }
    }
  }

  static final class Forward implements Workers.Range {
    private Matrix x;
    private double[] rates = {};
    private Matrix y;
    private int perHead;

    void run(Compute compute, Matrix input, float[] logRates, Matrix output) {
      x = input;
      if (rates.length != logRates.length) {
        rates = new double[logRates.length];
      }
      for (int h = 0; h < rates.length; h++) {
        rates[h] = Math.exp(logRates[h]);
      }
      perHead = x.cols() / rates.length;
      y = output;
      compute.forEach(x.rows(), x.cols(), this);
    }

    @Override
    public void run(int from, int to, int worker) {
      int i = x.offset(from);
      while (i < x.offset(to)) {
        for (double rate : rates) {
          for (int end = i + perHead; i < end; i++) {
            y.data()[i] = (float) Math.exp(-rate * softplus(x.data()[i]));
          }
        }
      }
    }
  }
}
