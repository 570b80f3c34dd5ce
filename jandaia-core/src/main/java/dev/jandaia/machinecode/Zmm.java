package dev.jandaia.machinecode;

/**
 * One of the 32 vector registers of 512 bits. Instructions that narrow or widen use its lower part,
 * ymm or xmm, under the same number.
 *
 * @param number 0 … 31
 */
public record Zmm(int number) implements VectorRegister {
  public Zmm {
    if (number < 0 || number > 31) {
      throw new IllegalArgumentException("expected a vector register 0..31, found " + number);
    }
  }
}
