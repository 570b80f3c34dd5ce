package dev.jandaia.hub;

import java.time.Duration;

/**
 * How long to put up with a server.
 *
 * @param attempts tries without progress before giving up, 1 or more
 * @param firstWait the wait after the first failure; it doubles from there
 * @param longestWait the limit of that, and of what a Retry-After header may ask for
 * @param silence how long the server may send nothing
 */
public record RetryPolicy(
    int attempts, Duration firstWait, Duration longestWait, Duration silence) {
  /** Five attempts, waiting 1 s to 5 min, and 30 s of silence. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(5, Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofSeconds(30));

  public RetryPolicy {
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts: expected 1 or more, found " + attempts);
    }
  }

  /** The wait after the given number of failures in a row, 1 or more. */
  Duration waitAfter(int failures) {
    Duration wait = firstWait.multipliedBy(1L << Math.min(failures - 1, 20));
    return shorter(wait, longestWait);
  }

  Duration limit(Duration asked) {
    return shorter(asked, longestWait);
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
