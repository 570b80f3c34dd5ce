package dev.jandaia.hub;

import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.time.Duration;

/** Counts failures in a row and waits between them. */
final class Retries {
  /** Something that may fail for reasons that pass. */
  interface Attempt<T> {
    T run() throws IOException, InterruptedException;
  }

  private final String what;
  private final RetryPolicy policy;
  private final ProgressListener listener;
  private int failures;
  private long furthest;

  Retries(String what, RetryPolicy policy, ProgressListener listener) {
    this.what = what;
    this.policy = policy;
    this.listener = listener;
  }

  /** Runs the attempt until it succeeds, fails for good, or the patience is spent. */
  <T> T run(Attempt<T> attempt) throws IOException, InterruptedException {
    while (true) {
      try {
        return attempt.run();
      } catch (TransferException e) {
        failed(e);
      }
    }
  }

  /** Failures before count no more once a transfer got further than ever. */
  void reached(long bytes) {
    if (bytes > furthest) {
      furthest = bytes;
      failures = 0;
    }
  }

  private void failed(TransferException e) throws InterruptedException {
    failures++;
    if (failures >= policy.attempts()) {
      throw new JandaiaException(
          "%s: gave up after %d attempts: %s; run it again to resume"
              .formatted(what, failures, e.getMessage()),
          e);
    }
    Duration wait = e.retryAfter().map(policy::limit).orElse(policy.waitAfter(failures));
    listener.retrying(what, e.getMessage(), wait);
    Thread.sleep(wait);
  }
}
