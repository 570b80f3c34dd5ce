package dev.jandaia.machinecode;

/**
 * One of the mask registers that say which lanes of a vector register an instruction works on.
 *
 * @param number 1 … 7; k0 means all lanes and cannot be named
 */
public record Mask(int number) {
  /** What instructions encode that have no mask. */
  static final int NONE = 0;

  public Mask {
    if (number < 1 || number > 7) {
      throw new IllegalArgumentException("expected a mask register 1..7, found " + number);
    }
  }
}
