package dev.jandaia.generate.sample;

/** How a {@link SamplerChain} picks one of the candidates that its steps left. */
public enum Choice {
  /** At random, in proportion to {@code exp(logit)}. */
  DRAW,
  /** The largest logit; of equal ones, the first. */
  GREEDY
}
