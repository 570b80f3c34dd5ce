package dev.jandaia.spec;

/** A factor on queries that grows with their position, so that long contexts do not blur. */
public sealed interface Temperature {
  Temperature NONE = new None();

  /** No factor. */
  record None() implements Temperature {}

  /**
   * 1 + beta·ln(1 + ⌊(position + offset)/interval⌋) (2501.19399; Llama 4 with offset 1, Ministral 3
   * with offset 0).
   *
   * @param beta strength
   * @param interval positions without a change
   * @param offset added to the position, which counts from 0
   */
  record Logarithmic(double beta, int interval, int offset) implements Temperature {
    public Logarithmic {
      Check.positive("temperature.interval", interval);
      Check.atLeast("temperature.offset", 0, offset);
    }
  }
}
