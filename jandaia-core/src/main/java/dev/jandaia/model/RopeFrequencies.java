package dev.jandaia.model;

import dev.jandaia.spec.Position;
import dev.jandaia.spec.RopeScaling;
import java.util.Arrays;
import java.util.List;

/**
 * The RoPE frequencies of a spec, in radians per position: theta^(−2i/rotaryDim), then its scaling
 * rule.
 */
public final class RopeFrequencies {
  private RopeFrequencies() {}

  /** One frequency for each pair of elements; those of short sequences where there are two sets. */
  public static float[] of(Position.Rotary rotary) {
    double[] base = base(rotary);
    double[] scaled =
        switch (rotary.scaling()) {
          case RopeScaling.None _ -> base;
          case RopeScaling.Linear linear ->
              Arrays.stream(base).map(f -> f / linear.factor()).toArray();
          case RopeScaling.Llama3 llama3 ->
              Arrays.stream(base).map(f -> llama3(f, llama3)).toArray();
          case RopeScaling.Yarn yarn -> yarn(base, rotary, yarn);
          case RopeScaling.Divisors rule -> divide(base, rule.divisors());
          case RopeScaling.LongRope rule -> divide(base, rule.shortFactors());
          case RopeScaling.Proportional rule -> proportional(base, rule);
        };
    return narrow(scaled);
  }

  /** The frequencies of sequences that have outgrown the original context. */
  static float[] ofLong(Position.Rotary rotary, RopeScaling.LongRope rule) {
    return narrow(divide(base(rotary), rule.longFactors()));
  }

  private static float[] narrow(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }

  /** What multiplies cosines and sines. */
  public static double factor(Position.Rotary rotary) {
    return switch (rotary.scaling()) {
      case RopeScaling.Yarn yarn -> yarn.attentionFactor();
      case RopeScaling.LongRope rule -> rule.attentionFactor();
      default -> 1;
    };
  }

  private static double[] base(Position.Rotary rotary) {
    double[] frequencies = new double[rotary.rotaryDim() / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = Math.pow(rotary.theta(), -2.0 * i / rotary.rotaryDim());
    }
    return frequencies;
  }

  private static double llama3(double frequency, RopeScaling.Llama3 rule) {
    double wavelength = 2 * Math.PI / frequency;
    double longest = rule.originalContext() / rule.lowFrequencyFactor();
    double shortest = rule.originalContext() / rule.highFrequencyFactor();
    if (wavelength < shortest) {
      return frequency;
    }
    if (wavelength > longest) {
      return frequency / rule.factor();
    }
    double keep =
        (rule.originalContext() / wavelength - rule.lowFrequencyFactor())
            / (rule.highFrequencyFactor() - rule.lowFrequencyFactor());
    return (1 - keep) * frequency / rule.factor() + keep * frequency;
  }

  private static double[] proportional(double[] base, RopeScaling.Proportional rule) {
    double[] scaled = new double[base.length];
    for (int i = 0; i < Math.min(rule.pairs(), base.length); i++) {
      scaled[i] = base[i] / rule.factor();
    }
    return scaled;
  }

  private static double[] yarn(double[] base, Position.Rotary rotary, RopeScaling.Yarn rule) {
    double low = dimensionWithTurns(rule.betaFast(), rotary, rule);
    double high = dimensionWithTurns(rule.betaSlow(), rotary, rule);
    if (rule.truncate()) {
      low = Math.floor(low);
      high = Math.ceil(high);
    }
    low = Math.max(low, 0);
    high = Math.min(high, rotary.rotaryDim() - 1);
    double width = high == low ? 0.001 : high - low;
    double[] scaled = new double[base.length];
    for (int i = 0; i < base.length; i++) {
      double interpolate = Math.clamp((i - low) / width, 0, 1);
      scaled[i] = base[i] / rule.factor() * interpolate + base[i] * (1 - interpolate);
    }
    return scaled;
  }

  /**
   * The pair index, as a real number, that turns {@code turns} times within the original context.
   */
  private static double dimensionWithTurns(
      double turns, Position.Rotary rotary, RopeScaling.Yarn rule) {
    double wavelength = rule.originalContext() / (turns * 2 * Math.PI);
    return rotary.rotaryDim() * Math.log(wavelength) / (2 * Math.log(rotary.theta()));
  }

  private static double[] divide(double[] base, List<Double> divisors) {
    double[] scaled = new double[base.length];
    for (int i = 0; i < base.length; i++) {
      scaled[i] = base[i] / divisors.get(i);
    }
    return scaled;
  }
}
