package dev.jandaia.op;

/** The standard normal distribution, for the exact GELU and the Gaussian cutoff. */
final class NormalDistribution {
  private static final double SQRT_2 = Math.sqrt(2);
  private static final double INVERSE_SQRT_2_PI = 1 / Math.sqrt(2 * Math.PI);

  private NormalDistribution() {}

  static double density(double z) {
    return INVERSE_SQRT_2_PI * Math.exp(-0.5 * z * z);
  }

  /** Φ(z) = (1 + erf(z/√2))/2. */
  static double cumulative(double z) {
    return 0.5 * (1 + erf(z / SQRT_2));
  }

  /** Φ⁻¹(probability), by bisection: it is asked for once per layer, when a model is made. */
  static double quantile(double probability) {
    double low = -40;
    double high = 40;
    for (int i = 0; i < 100; i++) {
      double middle = (low + high) / 2;
      if (cumulative(middle) < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  /**
   * Below 2.5 the Taylor series converges quickly; above, the continued fraction of erfc does. Both
   * to about 1e-15.
   */
  private static double erf(double x) {
    double magnitude = Math.abs(x);
    double value = magnitude < 2.5 ? series(magnitude) : 1 - tail(magnitude);
    return Math.copySign(value, x);
  }

  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }

  private static double tail(double x) {
    double fraction = 0;
    for (int n = 60; n > 0; n--) {
      fraction = n / 2.0 / (x + fraction);
    }
    return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
  }
}
