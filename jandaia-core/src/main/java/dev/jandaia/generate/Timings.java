package dev.jandaia.generate;

/**
 * Where the time of a generation went.
 *
 * @param promptTokens tokens that were prefilled; those a cache already held do not count
 * @param promptNanos time to prefill them, nanoseconds
 * @param generatedTokens tokens that were sampled
 * @param generationNanos time from the first logits to the last token, nanoseconds
 */
public record Timings(
    int promptTokens, long promptNanos, int generatedTokens, long generationNanos) {

  public double promptTokensPerSecond() {
    return perSecond(promptTokens, promptNanos);
  }

  public double generatedTokensPerSecond() {
    return perSecond(generatedTokens, generationNanos);
  }

  private static double perSecond(int tokens, long nanos) {
    return nanos == 0 ? 0 : tokens * 1e9 / nanos;
  }
}
