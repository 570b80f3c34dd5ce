package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Mask;
import dev.jandaia.machinecode.Operand;
import dev.jandaia.machinecode.Zmm;

/**
 * Scalar twin: {@code Math.exp}. With 32 registers, which keep all constants: 12 to 26 and k2
 * belong to it.
 */
final class WideExpCode extends ExpCode<Zmm> {
  private static final Zmm BOUNDED = new Zmm(12);
  private static final Zmm POWER = new Zmm(13);
  private static final Zmm POLYNOMIAL = new Zmm(14);
  private static final Zmm TO_POWER = new Zmm(15);
  private static final Zmm HIGH = new Zmm(16);
  private static final Zmm LOW = new Zmm(17);
  private static final Zmm LARGEST = new Zmm(18);
  private static final Zmm SMALLEST = new Zmm(19);

  /** From here on, the coefficients. */
  private static final int COEFFICIENTS = 20;

  private static final Zmm ONE = new Zmm(COEFFICIENTS + TAYLOR.length - 1);
  private static final Mask NOT_ZERO = new Mask(2);

  private final Assembler a;

  WideExpCode(Assembler a) {
    this.a = a;
  }

  @Override
  void constants() {
    a.constant(TO_POWER, LOG2_E);
    a.constant(HIGH, LN2_HIGH);
    a.constant(LOW, LN2_LOW);
    a.constant(LARGEST, OVERFLOW);
    a.constant(SMALLEST, UNDERFLOW);
    for (int i = 0; i < TAYLOR.length; i++) {
      a.constant(new Zmm(COEFFICIENTS + i), TAYLOR[i]);
    }
  }

  @Override
  Operand one() {
    return ONE;
  }

  @Override
  void write(Zmm to, Zmm x) {
    a.vcmpnltps(NOT_ZERO, x, SMALLEST);
    a.vminps(BOUNDED, LARGEST, x);
    a.vmulps(POWER, BOUNDED, TO_POWER);
    a.vrndscaleps(POWER, POWER);
    a.vfnmadd231ps(BOUNDED, POWER, HIGH);
    a.vfnmadd231ps(BOUNDED, POWER, LOW);
    a.vmovups(POLYNOMIAL, new Zmm(COEFFICIENTS));
    for (int i = 1; i < TAYLOR.length; i++) {
      a.vfmadd213ps(POLYNOMIAL, BOUNDED, new Zmm(COEFFICIENTS + i));
    }
    a.vfmadd213ps(POLYNOMIAL, BOUNDED, ONE);
    a.vpxord(to, to, to);
    a.vscalefps(to, NOT_ZERO, POLYNOMIAL, POWER);
  }
}
