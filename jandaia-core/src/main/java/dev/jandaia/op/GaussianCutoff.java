package dev.jandaia.op;

/**
 * y = max(0, x − (μ + z·σ)), μ and σ the mean and the (biased) standard deviation of a row: keeps
 * what exceeds the value that a share of normally distributed elements stays below (Gemma 3n).
 */
public final class GaussianCutoff {
  private GaussianCutoff() {}

  /** The z that a normally distributed number stays below with probability {@code share}. */
  public static float deviations(double share) {
    return (float) NormalDistribution.quantile(share);
  }

  /**
   * @param x {@code [M, F]}
   * @param z deviations above the mean
   * @return {@code [M, F]}
   */
  public static Matrix apply(Compute compute, Matrix x, float z) {
    Matrix y = compute.take(x.rows(), x.cols());
    for (int row = 0; row < x.rows(); row++) {
      int at = x.offset(row);
      double mean = mean(x, at);
      float cutoff = (float) (mean + z * deviation(x, at, mean));
      for (int i = at; i < at + x.cols(); i++) {
        y.data()[i] = Math.max(0, x.data()[i] - cutoff);
      }
    }
    if (compute.recording()) {
      compute.record(() -> {
        for (int row = 0; row < x.rows(); row++) {
          backward(x, x.offset(row), z, y);
        }
      });
    }
    return y;
  }

  /** With S = Σ dy over what is kept: dx += [kept]·dy − S·(1 + z·(x − μ)/σ)/F. */
  private static void backward(Matrix x, int at, float z, Matrix y) {
    double mean = mean(x, at);
    double deviation = deviation(x, at, mean);
    double sum = 0;
    for (int i = at; i < at + x.cols(); i++) {
      float kept = y.data()[i] > 0 ? y.grad()[i] : 0;
      x.grad()[i] += kept;
      sum += kept;
    }
    for (int i = at; i < at + x.cols(); i++) {
      double slope = deviation == 0 ? 0 : z * (x.data()[i] - mean) / deviation;
      x.grad()[i] -= (float) (sum * (1 + slope) / x.cols());
    }
  }

  private static double mean(Matrix x, int at) {
    double sum = 0;
    for (int i = at; i < at + x.cols(); i++) {
      sum += x.data()[i];
    }
    return sum / x.cols();
  }

  private static double deviation(Matrix x, int at, double mean) {
    double squares = 0;
    for (int i = at; i < at + x.cols(); i++) {
      double difference = x.data()[i] - mean;
      squares += difference * difference;
    }
    return Math.sqrt(squares / x.cols());
  }
}
