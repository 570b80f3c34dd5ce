package dev.jandaia.family;

/**
 * The share of a normal distribution below so many standard deviations, Φ(x) = ½ + φ(x)·Σ_n
 * x^(2n+1)/(1·3·…·(2n+1)), and back.
 */
final class GaussianShare {
  private static final double SPREAD = 8;

  private GaussianShare() {}

  /** Φ; 0 at −∞. */
  static double below(double deviations) {
    double x = Math.clamp(deviations, -SPREAD, SPREAD);
    double term = x;
    double sum = x;
    for (int odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
      term *= x * x / odd;
      sum += term;
    }
    double share = 0.5 + Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) * sum;
    return deviations == Double.NEGATIVE_INFINITY ? 0 : share;
  }

  /** Φ⁻¹; −∞ at 0. */
  static double deviations(double share) {
    if (share == 0) {
      return Double.NEGATIVE_INFINITY;
    }
    double low = -SPREAD;
    double high = SPREAD;
    while (high - low > 1e-12) {
      double middle = (low + high) / 2;
      if (below(middle) < share) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  /** The share with the fewest digits for deviations that were rounded to f32. */
  static double shortest(double deviations) {
    double share = below(deviations);
    double power = 10;
    while (Math.abs(Math.round(share * power) / power - share) > 1e-7) {
      power *= 10;
    }
    return Math.round(share * power) / power;
  }
}
