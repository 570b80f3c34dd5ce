package dev.jandaia.cache.turbo;

import java.util.function.DoubleUnaryOperator;

/**
 * A symmetric density f(t) as tables of its integrals ∫f and ∫t·f, by Simpson's rule over a
 * parameter u with t = value(u) in which it is smooth.
 */
final class Density {
  private static final int CELLS = 2048;

  private final double limit;
  private final DoubleUnaryOperator value;
  private final DoubleUnaryOperator parameter;
  private final DoubleUnaryOperator weight;
  private final double[] masses = new double[CELLS + 1];
  private final double[] moments = new double[CELLS + 1];
  private final double variance;

  private Density(
      double limit,
      DoubleUnaryOperator value,
      DoubleUnaryOperator parameter,
      DoubleUnaryOperator weight) {
    this.limit = limit;
    this.value = value;
    this.parameter = parameter;
    this.weight = weight;
    double squares = 0;
    for (int i = 0; i < CELLS; i++) {
      masses[i + 1] = masses[i] + simpson(u(i), u(i + 1), 0);
      moments[i + 1] = moments[i] + simpson(u(i), u(i + 1), 1);
      squares += simpson(u(i), u(i + 1), 2);
    }
    variance = squares / masses[CELLS];
  }

  /** N(0, 1). */
  static Density normal() {
    return new Density(9, u -> u, t -> t, u -> Math.exp(-u * u / 2));
  }

  /** ∝ (1 − t²)^((dim − 3)/2) on (−1, 1), with t = sin u. */
  static Density sphere(int dim) {
    return new Density(
        Math.PI / 2, Math::sin, Math::asin, u -> Math.pow(Math.max(0, Math.cos(u)), dim - 2));
  }

  private double u(int node) {
    return limit * (2.0 * node / CELLS - 1);
  }

  /** ∫ tᵖ·weight du. */
  private double simpson(double from, double to, int power) {
    return (at(from, power) + 4 * at((from + to) / 2, power) + at(to, power)) * (to - from) / 6;
  }

  private double at(double u, int power) {
    return weight.applyAsDouble(u) * Math.pow(value.applyAsDouble(u), power);
  }

  private double integral(double[] table, double t, int power) {
    double u = parameter.applyAsDouble(t);
    int node = Math.clamp((int) ((u / limit + 1) / 2 * CELLS), 0, CELLS);
    return table[node] + simpson(u(node), u, power);
  }

  /** The largest |t|. */
  double bound() {
    return value.applyAsDouble(limit);
  }

  /** The probability of from &lt; t &lt; to. */
  double mass(double from, double to) {
    return (integral(masses, to, 0) - integral(masses, from, 0)) / masses[CELLS];
  }

  /** The mean of t between two bounds. */
  double mean(double from, double to) {
    double mass = integral(masses, to, 0) - integral(masses, from, 0);
    return (integral(moments, to, 1) - integral(moments, from, 1)) / mass;
  }

  double variance() {
    return variance;
  }

  /** The t below which the probability is {@code share}. */
  double quantile(double share) {
    double low = -bound();
    double high = bound();
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (mass(-bound(), middle) < share) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }
}
