package dev.jandaia.train;

/**
 * One sequence to learn from.
 *
 * @param ids token ids
 * @param learnFrom index of the first token whose prediction counts, at least 1: the tokens before
 *     it are a prompt
 */
public record Example(int[] ids, int learnFrom) {
  public Example {
    if (learnFrom < 1 || learnFrom >= ids.length) {
      throw new IllegalArgumentException(
          "expected a first learned token in 1..%d, found %d".formatted(ids.length, learnFrom));
    }
  }
}
