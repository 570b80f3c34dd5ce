package dev.jandaia.kernel.emitted;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeMemory;
import dev.jandaia.machinecode.Operand;
import dev.jandaia.machinecode.Ymm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Scalar twin: {@code Math.exp}. With 16 registers: constants are read from memory, at r11. That
 * and registers 7 to 11 belong to it.
 */
final class NarrowExpCode extends ExpCode<Ymm> {
  private static final Ymm BOUNDED = new Ymm(7);
  private static final Ymm POWER = new Ymm(8);
  private static final Ymm POLYNOMIAL = new Ymm(9);
  private static final Ymm INTEGERS = new Ymm(10);
  private static final Ymm NOT_ZERO = new Ymm(11);

  /** 2⁻¹: as bits, what turns n in the place of the exponent into 2ⁿ⁻¹. */
  private static final float HALF = 0.5f;

  private static final int MANTISSA_BITS = 23;
  private static final int BYTES = 32;
  private static final float[] CONSTANTS = {LOG2_E, LN2_HIGH, LN2_LOW, OVERFLOW, UNDERFLOW, HALF};

  /** For code that lives as long as the process. */
  private static final MemorySegment MEMORY = memory();

  private final Avx2Assembler a;

  NarrowExpCode(Avx2Assembler a) {
    this.a = a;
  }

  private static MemorySegment memory() {
    int lanes = BYTES / Float.BYTES;
    int count = CONSTANTS.length + TAYLOR.length;
    MemorySegment memory = NativeMemory.allocate((long) count * BYTES, Arena.global());
    for (int i = 0; i < count * lanes; i++) {
      int constant = i / lanes;
      boolean first = constant < CONSTANTS.length;
      float value = first ? CONSTANTS[constant] : TAYLOR[constant - CONSTANTS.length];
      memory.setAtIndex(JAVA_FLOAT, i, value);
    }
    return memory;
  }

  @Override
  void constants() {
    a.mov64(Gpr.R11, MEMORY.address());
  }

  private static Mem constant(float value) {
    for (int i = 0; i < CONSTANTS.length; i++) {
      if (CONSTANTS[i] == value) {
        return Mem.at(Gpr.R11, BYTES * i);
      }
    }
    throw new IllegalArgumentException("not a constant: " + value);
  }

  private static Mem coefficient(int i) {
    return Mem.at(Gpr.R11, BYTES * (CONSTANTS.length + i));
  }

  @Override
  Operand one() {
    return coefficient(TAYLOR.length - 1);
  }

  @Override
  void write(Ymm to, Ymm x) {
    a.vmovups(BOUNDED, constant(UNDERFLOW));
    a.vcmpnltps(NOT_ZERO, x, BOUNDED);
    a.vmovups(BOUNDED, constant(OVERFLOW));
    a.vminps(BOUNDED, BOUNDED, x);
    a.vmulps(POWER, BOUNDED, constant(LOG2_E));
    a.vcvtps2dq(INTEGERS, POWER);
    a.vcvtdq2ps(POWER, INTEGERS);
    a.vfnmadd231ps(BOUNDED, POWER, constant(LN2_HIGH));
    a.vfnmadd231ps(BOUNDED, POWER, constant(LN2_LOW));
    a.vmovups(POLYNOMIAL, coefficient(0));
    for (int i = 1; i < TAYLOR.length; i++) {
      a.vfmadd213ps(POLYNOMIAL, BOUNDED, coefficient(i));
    }
    a.vfmadd213ps(POLYNOMIAL, BOUNDED, one());
    // 2ⁿ⁻¹·2: n reaches 128, which has no exponent of its own.
    a.vpslld(INTEGERS, INTEGERS, MANTISSA_BITS);
    a.vpaddd(INTEGERS, INTEGERS, constant(HALF));
    a.vmulps(POLYNOMIAL, POLYNOMIAL, INTEGERS);
    a.vaddps(POLYNOMIAL, POLYNOMIAL, POLYNOMIAL);
    a.vandps(to, POLYNOMIAL, NOT_ZERO);
  }
}
