package dev.jandaia.kernel.emitted;

import static dev.jandaia.machinecode.Assembler.Condition.NOT_ZERO;

import dev.jandaia.kernel.emitted.Activations.Field;
import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.Zmm;

/**
 * Scalar twin: {@link RoundedRow}. Rounds a row of floats to blocks of {@link Activations}: s =
 * max|x|/127, q = x/s to the nearest.
 *
 * <p>rdi = floats, rsi = blocks, rdx = how many blocks.
 */
final class RoundKernel {
  private static final Zmm LOW = new Zmm(0);
  private static final Zmm HIGH = new Zmm(1);
  private static final Zmm MAXIMUM = new Zmm(2);
  private static final Zmm OTHER = new Zmm(3);
  private static final Zmm LOW_SUM = new Zmm(4);
  private static final Zmm HIGH_SUM = new Zmm(5);
  private static final Zmm SCALE = new Zmm(6);
  private static final Zmm TEMPORARY = new Zmm(7);
  private static final Zmm INVERSE = new Zmm(8);
  private static final Zmm MAGNITUDE = new Zmm(28);
  private static final Zmm LARGEST_CODE = new Zmm(29);
  private static final Zmm SMALLEST_MAXIMUM = new Zmm(30);
  private static final Zmm ZERO = new Zmm(31);

  /** Orders of four pairs of bits that bring the other half, and the neighbour, to each place. */
  private static final int OTHER_HALF = 0b01_00_11_10;

  private static final int NEIGHBOUR = 0b10_11_00_01;

  private RoundKernel() {}

  static NativeCode code() {
    Assembler a = new Assembler();
    PackedFormat.constant(a, MAGNITUDE, 0x7FFFFFFF);
    PackedFormat.constant(a, LARGEST_CODE, Float.floatToRawIntBits(127f));
    // Rows of zeros must not divide by zero; smaller maxima than this round to zero.
    PackedFormat.constant(a, SMALLEST_MAXIMUM, Float.floatToRawIntBits(RoundedRow.SMALLEST));
    a.vpxord(ZERO, ZERO, ZERO);
    Label block = a.label();
    a.vmovups(LOW, Mem.at(Gpr.RDI, 0));
    a.vmovups(HIGH, Mem.at(Gpr.RDI, 64));
    scale(a);
    a.vmulps(LOW, LOW, INVERSE);
    a.vmulps(HIGH, HIGH, INVERSE);
    a.vcvtps2dq(LOW, LOW);
    a.vcvtps2dq(HIGH, HIGH);
    a.vpmovdb(Mem.at(Gpr.RSI, 0), LOW);
    a.vpmovdb(Mem.at(Gpr.RSI, 16), HIGH);
    sums(a);
    a.add(Gpr.RDI, 4 * Activations.COLUMNS);
    a.add(Gpr.RSI, Activations.BYTES);
    a.sub(Gpr.RDX, 1);
    a.jump(NOT_ZERO, block);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  /** {@link #SCALE} = max|x|/127 and {@link #INVERSE} = 127/max|x|, in all lanes. */
  private static void scale(Assembler a) {
    a.vpandd(MAXIMUM, LOW, MAGNITUDE);
    a.vpandd(OTHER, HIGH, MAGNITUDE);
    a.vmaxps(MAXIMUM, MAXIMUM, OTHER);
    a.vshuff32x4(OTHER, MAXIMUM, MAXIMUM, OTHER_HALF);
    a.vmaxps(MAXIMUM, MAXIMUM, OTHER);
    a.vshuff32x4(OTHER, MAXIMUM, MAXIMUM, NEIGHBOUR);
    a.vmaxps(MAXIMUM, MAXIMUM, OTHER);
    a.vpermilps(OTHER, MAXIMUM, OTHER_HALF);
    a.vmaxps(MAXIMUM, MAXIMUM, OTHER);
    a.vpermilps(OTHER, MAXIMUM, NEIGHBOUR);
    a.vmaxps(MAXIMUM, MAXIMUM, OTHER);
    a.vmaxps(MAXIMUM, MAXIMUM, SMALLEST_MAXIMUM);
    a.vdivps(SCALE, MAXIMUM, LARGEST_CODE);
    a.vdivps(INVERSE, LARGEST_CODE, MAXIMUM);
  }

  private static void sums(Assembler a) {
    sum(a, LOW_SUM, LOW);
    sum(a, HIGH_SUM, HIGH);
    store(a, SCALE, Field.SCALE);
    a.vpaddd(TEMPORARY, LOW_SUM, HIGH_SUM);
    storeMinus(a, TEMPORARY, 7, Field.MINUS_128_SUMS);
    storeMinus(a, TEMPORARY, 4, Field.MINUS_16_SUMS);
    storeMinus(a, TEMPORARY, 3, Field.MINUS_8_SUMS);
    storeMinus(a, LOW_SUM, 5, Field.MINUS_32_SUMS_LOW);
    storeMinus(a, HIGH_SUM, 5, Field.MINUS_32_SUMS_HIGH);
    a.vcvtdq2ps(TEMPORARY, TEMPORARY);
    a.vmulps(TEMPORARY, TEMPORARY, SCALE);
    store(a, TEMPORARY, Field.SCALED_SUM);
  }

  /** Lane 0 of {@code to} = the sum of all lanes. */
  private static void sum(Assembler a, Zmm to, Zmm lanes) {
    a.vshuff32x4(OTHER, lanes, lanes, OTHER_HALF);
    a.vpaddd(to, lanes, OTHER);
    a.vshuff32x4(OTHER, to, to, NEIGHBOUR);
    a.vpaddd(to, to, OTHER);
    a.vpermilps(OTHER, to, OTHER_HALF);
    a.vpaddd(to, to, OTHER);
    a.vpermilps(OTHER, to, NEIGHBOUR);
    a.vpaddd(to, to, OTHER);
  }

  private static void storeMinus(Assembler a, Zmm sum, int bits, Field field) {
    a.vpslld(OTHER, sum, bits);
    a.vpsubd(OTHER, ZERO, OTHER);
    store(a, OTHER, field);
  }

  private static void store(Assembler a, Zmm value, Field field) {
    a.vmovss(Mem.at(Gpr.RSI, field.at()), value);
  }
}
