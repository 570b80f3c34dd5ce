package dev.jandaia.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A failure on the way that may not happen again: worth another attempt. */
final class TransferException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Optional<Duration> retryAfter;

  TransferException(String message) {
    this(message, Optional.empty());
  }

  TransferException(String message, Throwable cause) {
    super(message, cause);
    this.retryAfter = Optional.empty();
  }

  TransferException(String message, Optional<Duration> retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  /** How long the server asked to be left alone. */
  Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
