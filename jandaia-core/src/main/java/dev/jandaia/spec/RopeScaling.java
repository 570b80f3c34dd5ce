package dev.jandaia.spec;

import java.util.List;

/** How RoPE frequencies are changed to reach beyond the trained context. */
public sealed interface RopeScaling {
  RopeScaling NONE = new None();

  /** Frequencies as they are. */
  record None() implements RopeScaling {}

  /** All frequencies divided by {@code factor} (position interpolation, 2306.15595). */
  record Linear(double factor) implements RopeScaling {
    public Linear {
      Check.positive("rope.scaling.factor", factor);
    }
  }

  /**
   * Llama 3.1's rule: wavelengths longer than originalContext/lowFrequencyFactor are divided by
   * {@code factor}, those shorter than originalContext/highFrequencyFactor kept, and those between
   * interpolated smoothly.
   */
  record Llama3(
      double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContext)
      implements RopeScaling {
    public Llama3 {
      Check.positive("rope.scaling.factor", factor);
      Check.positive("rope.scaling.lowFrequencyFactor", lowFrequencyFactor);
      Check.positive("rope.scaling.highFrequencyFactor", highFrequencyFactor);
      Check.positive("rope.scaling.originalContext", originalContext);
    }
  }

  /**
   * YaRN (2309.00071): dimensions that turn more than betaFast times in the original context are
   * kept, those that turn less than betaSlow times divided by {@code factor}, with a linear ramp
   * between.
   *
   * @param factor how much longer the context becomes
   * @param betaFast turns above which a dimension is kept
   * @param betaSlow turns below which a dimension is interpolated
   * @param originalContext trained context length
   * @param attentionFactor multiplies cosines and sines, commonly 0.1·ln(factor) + 1
   * @param truncate whether the ramp's ends are rounded outwards to whole dimensions
   */
  record Yarn(
      double factor,
      double betaFast,
      double betaSlow,
      int originalContext,
      double attentionFactor,
      boolean truncate)
      implements RopeScaling {
    public Yarn {
      Check.positive("rope.scaling.factor", factor);
      Check.positive("rope.scaling.betaFast", betaFast);
      Check.positive("rope.scaling.betaSlow", betaSlow);
      Check.positive("rope.scaling.originalContext", originalContext);
      Check.positive("rope.scaling.attentionFactor", attentionFactor);
    }
  }

  /**
   * LongRoPE (2402.13753): frequency i divided by shortFactors[i] while a sequence is not longer
   * than the original context, by longFactors[i] for all of its positions once it is.
   *
   * @param originalContext trained context length
   * @param attentionFactor multiplies cosines and sines in both cases, commonly √(1 +
   *     ln(factor)/ln(originalContext))
   */
  record LongRope(
      List<Double> shortFactors,
      List<Double> longFactors,
      int originalContext,
      double attentionFactor)
      implements RopeScaling {
    public LongRope {
      shortFactors = List.copyOf(shortFactors);
      longFactors = List.copyOf(longFactors);
      shortFactors.forEach(factor -> Check.positive("rope.scaling.shortFactors", factor));
      longFactors.forEach(factor -> Check.positive("rope.scaling.longFactors", factor));
      Check.positive("rope.scaling.originalContext", originalContext);
      Check.positive("rope.scaling.attentionFactor", attentionFactor);
    }
  }

  /**
   * Only the first {@code pairs} frequencies turn, divided by {@code factor}; the elements of all
   * later pairs stay as they are. Unlike with a smaller rotaryDim the frequencies are those of the
   * whole head (Gemma 4).
   */
  record Proportional(int pairs, double factor) implements RopeScaling {
    public Proportional {
      Check.atLeast("rope.scaling.pairs", 0, pairs);
      Check.positive("rope.scaling.factor", factor);
    }
  }

  /** Frequency i divided by divisors[i], as GGUF files store Llama 3's scaling. */
  record Divisors(List<Double> divisors) implements RopeScaling {
    public Divisors {
      divisors = List.copyOf(divisors);
      divisors.forEach(divisor -> Check.positive("rope.scaling.divisors", divisor));
    }
  }
}
