package dev.jandaia.tensor;

/**
 * An error that a user can act on: its message names the file or field, what was expected and what
 * was found, and fits on one line. Programming errors use the JDK's own exceptions instead.
 */
public final class JandaiaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JandaiaException(String message) {
    super(message);
  }

  public JandaiaException(String message, Throwable cause) {
    super(message, cause);
  }
}
