package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Mask;
import dev.jandaia.machinecode.Zmm;

/**
 * Scalar twin: {@code Math.exp}. exp(x) = 2ⁿ·exp(r), n = round(x / ln 2), |r| ≤ ln(2)/2; the Taylor
 * polynomial of degree 7 is within 6e-9 there, so rounding is what remains (about 1e-7). Registers
 * 12 to 26 and k2 belong to it.
 */
final class ExpCode {
  private static final Zmm BOUNDED = new Zmm(12);
  private static final Zmm POWER = new Zmm(13);
  private static final Zmm POLYNOMIAL = new Zmm(14);
  private static final Zmm LOG2_E = new Zmm(15);
  private static final Zmm LN2_HIGH = new Zmm(16);
  private static final Zmm LN2_LOW = new Zmm(17);
  private static final Zmm OVERFLOW = new Zmm(18);
  private static final Zmm UNDERFLOW = new Zmm(19);

  /** From here on, the coefficients of r⁷, r⁶, …, r⁰. */
  private static final int COEFFICIENTS = 20;

  /** Those of r and 1 are equal and share the last register. */
  private static final float[] TAYLOR = {1f / 5040, 1f / 720, 1f / 120, 1f / 24, 1f / 6, 0.5f, 1f};

  /** One, in all lanes. */
  static final Zmm ONE = new Zmm(COEFFICIENTS + TAYLOR.length - 1);

  private static final Mask NOT_ZERO = new Mask(2);

  private ExpCode() {}

  /** Loads what {@link #write} expects. Uses rax. */
  static void constants(Assembler a) {
    constant(a, LOG2_E, 1.442695f);
    // ln 2 in two parts: n·LN2_HIGH is exact for every n that occurs.
    constant(a, LN2_HIGH, 0.693359375f);
    constant(a, LN2_LOW, -2.1219444e-4f);
    constant(a, OVERFLOW, 89f);
    // Below this the result is smaller than the smallest normal float and becomes zero.
    constant(a, UNDERFLOW, -86.5f);
    for (int i = 0; i < TAYLOR.length; i++) {
      constant(a, new Zmm(COEFFICIENTS + i), TAYLOR[i]);
    }
  }

  static void constant(Assembler a, Zmm register, float value) {
    PackedFormat.constant(a, register, Float.floatToRawIntBits(value));
  }

  /** to = exp(x), exactly zero for −∞; not in place. */
  static void write(Assembler a, Zmm to, Zmm x) {
    a.vcmpnltps(NOT_ZERO, x, UNDERFLOW);
    a.vminps(BOUNDED, OVERFLOW, x);
    a.vmulps(POWER, BOUNDED, LOG2_E);
    a.vrndscaleps(POWER, POWER);
    a.vfnmadd231ps(BOUNDED, POWER, LN2_HIGH);
    a.vfnmadd231ps(BOUNDED, POWER, LN2_LOW);
    a.vmovups(POLYNOMIAL, new Zmm(COEFFICIENTS));
    for (int i = 1; i < TAYLOR.length; i++) {
      a.vfmadd213ps(POLYNOMIAL, BOUNDED, new Zmm(COEFFICIENTS + i));
    }
    a.vfmadd213ps(POLYNOMIAL, BOUNDED, ONE);
    a.vpxord(to, to, to);
    a.vscalefps(to, NOT_ZERO, POLYNOMIAL, POWER);
  }
}
