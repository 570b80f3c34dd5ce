package dev.jandaia.spec;

/**
 * A spec that describes no possible model: the message names the field, what was expected and what
 * was found.
 */
public final class SpecException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public SpecException(String message) {
    super(message);
  }
}
