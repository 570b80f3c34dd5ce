package dev.jandaia.machinecode;

/**
 * The lower half, 256 bits, of the vector register of the same number. Writing it clears the upper
 * half.
 *
 * @param number 0 … 31
 */
public record Ymm(int number) implements VectorRegister {
  public Ymm {
    if (number < 0 || number > 31) {
      throw new IllegalArgumentException("expected a vector register 0..31, found " + number);
    }
  }

  /** The whole register. */
  public Zmm whole() {
    return new Zmm(number);
  }
}
