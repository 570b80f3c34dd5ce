package dev.jandaia.kernel.emitted;

import static dev.jandaia.kernel.emitted.AcrossLanes.NEIGHBOUR;
import static dev.jandaia.kernel.emitted.AcrossLanes.OTHER_HALF;
import static dev.jandaia.machinecode.Condition.NOT_ZERO;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.NativeMemory;
import dev.jandaia.machinecode.Zmm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Scalar twin: {@link RoundedRow}. Rounds a row of floats to blocks of {@link Activations}: s =
 * max|x|/127 over 32 or 256 columns, q = x/s to the nearest. Two blocks at a time: each has a half
 * of the registers.
 *
 * <p>rdi = floats, rsi = blocks, rdx = how many times {@link #step} columns, rcx = {@link #TABLE}.
 */
final class RoundKernel {
  private static final int PAIR = 2 * Activations.COLUMNS;

  private static final Zmm CODES = new Zmm(0);
  private static final Zmm MAXIMUM = new Zmm(4);
  private static final Zmm OTHER = new Zmm(5);
  private static final Zmm SUMS = new Zmm(6);
  private static final Zmm FIELDS = new Zmm(7);
  private static final Zmm SCALE = new Zmm(8);
  private static final Zmm UNITS = new Zmm(9);
  private static final Zmm[] INVERSE = {new Zmm(10), new Zmm(11)};
  private static final Zmm MAGNITUDE = new Zmm(20);
  private static final Zmm LARGEST_CODE = new Zmm(21);
  private static final Zmm STEPS = new Zmm(22);
  private static final Zmm SMALLEST_MAXIMUM = new Zmm(23);
  private static final Zmm ZERO = new Zmm(24);
  private static final Zmm ONES = new Zmm(25);
  private static final Zmm ORDER = new Zmm(26);
  private static final Zmm SUM_OF_SIXTEEN = new Zmm(27);
  private static final Zmm SHIFTS = new Zmm(28);
  private static final Zmm ONE_AT_SUM = new Zmm(29);
  private static final Zmm AT_SCALED_SUM = new Zmm(30);
  private static final Zmm AT_SCALE = new Zmm(31);

  /** Orders that bring the lower, and the upper, halves of two registers together. */
  private static final int LOWER_HALVES = 0b01_00_01_00;

  private static final int UPPER_HALVES = 0b11_10_11_10;

  /** Where the third operand has a bit the first, elsewhere the second. */
  private static final int FIRST_WHERE_THIRD = 0xE4;

  /** Registers of constants that differ from lane to lane. */
  private static final List<Zmm> TABLE_REGISTERS =
      List.of(ORDER, SUM_OF_SIXTEEN, SHIFTS, ONE_AT_SUM, AT_SCALED_SUM, AT_SCALE);

  /** Their values, one register after the other. */
  private static final MemorySegment TABLE =
      table(
          // Packing leaves four columns of each of four registers in every quarter.
          lanes(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15),
          fields(-1, 0, 0, 0, -1, 0, 0, 0),
          fields(5, 7, 3, 4, 5, 32, 32, 32), // 32: nothing is left
          fields(0, 0, 0, 0, 0, Float.floatToRawIntBits(1), 0, 0),
          fields(0, 0, 0, 0, 0, 0, -1, 0),
          fields(0, 0, 0, 0, 0, 0, 0, -1));

  private final Assembler a = new Assembler();
  private final int columns;

  private RoundKernel(int columns) {
    this.columns = columns;
  }

  /** The fourth argument. */
  static long table() {
    return TABLE.address();
  }

  /**
   * @param columns that share a scale: 32 or a multiple of 64
   */
  static NativeCode of(int columns) {
    return new RoundKernel(columns).assemble();
  }

  /** Columns that are rounded together. A row that ends within is rounded to their end. */
  static int step(int columns) {
    return Math.max(columns, PAIR);
  }

  private NativeCode assemble() {
    constants();
    Label step = a.label();
    if (columns == Activations.COLUMNS) {
      maximaOfTwo();
      scales();
    } else {
      maximum();
      scales();
      a.mov32(Gpr.RAX, columns / PAIR);
    }
    Label pair = a.label();
    codes();
    fields();
    a.add(Gpr.RDI, 4 * PAIR);
    a.add(Gpr.RSI, 2 * Activations.BYTES);
    if (columns > Activations.COLUMNS) {
      a.sub(Gpr.RAX, 1);
      a.jump(NOT_ZERO, pair);
    }
    a.sub(Gpr.RDX, 1);
    a.jump(NOT_ZERO, step);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  private void constants() {
    a.constant(MAGNITUDE, 0x7FFFFFFF);
    a.constant(LARGEST_CODE, 127f);
    a.constant(STEPS, RoundedRow.STEP);
    // Rows of zeros must not divide by zero; smaller maxima than this round to zero.
    a.constant(SMALLEST_MAXIMUM, RoundedRow.SMALLEST);
    a.vpxord(ZERO, ZERO, ZERO);
    a.constant(ONES, 0x01010101);
    for (int i = 0; i < TABLE_REGISTERS.size(); i++) {
      a.vmovdqu32(TABLE_REGISTERS.get(i), Mem.at(Gpr.RCX, 64 * i));
    }
  }

  private static int[] lanes(int... values) {
    return values;
  }

  /** The eight fields of a block, in the order of {@link Activations.Field}, for two blocks. */
  private static int[] fields(int... values) {
    return IntStream.concat(IntStream.of(values), IntStream.of(values)).toArray();
  }

  private static MemorySegment table(int[]... registers) {
    int[] values = Stream.of(registers).flatMapToInt(IntStream::of).toArray();
    MemorySegment table = NativeMemory.allocate(4L * values.length, Arena.global());
    return table.copyFrom(MemorySegment.ofArray(values));
  }

  /** {@link #MAXIMUM} = max|x| of a block in each half. */
  private void maximaOfTwo() {
    for (int block = 0; block < 2; block++) {
      Zmm maximum = block == 0 ? MAXIMUM : SUMS;
      a.vpandd(maximum, MAGNITUDE, Mem.at(Gpr.RDI, 128 * block));
      a.vpandd(OTHER, MAGNITUDE, Mem.at(Gpr.RDI, 128 * block + 64));
      a.vmaxps(maximum, maximum, OTHER);
    }
    a.vshuff32x4(OTHER, MAXIMUM, SUMS, UPPER_HALVES);
    a.vshuff32x4(MAXIMUM, MAXIMUM, SUMS, LOWER_HALVES);
    a.vmaxps(MAXIMUM, MAXIMUM, OTHER);
    maximumOfHalf();
  }

  /** {@link #MAXIMUM} = max|x| of all blocks. */
  private void maximum() {
    a.vpandd(MAXIMUM, MAGNITUDE, Mem.at(Gpr.RDI, 0));
    for (int column = 16; column < columns; column += 16) {
      a.vpandd(OTHER, MAGNITUDE, Mem.at(Gpr.RDI, 4 * column));
      a.vmaxps(MAXIMUM, MAXIMUM, OTHER);
    }
    a.vshuff32x4(OTHER, MAXIMUM, MAXIMUM, OTHER_HALF);
    a.vmaxps(MAXIMUM, MAXIMUM, OTHER);
    maximumOfHalf();
  }

  private void maximumOfHalf() {
    a.vshuff32x4(OTHER, MAXIMUM, MAXIMUM, NEIGHBOUR);
    a.vmaxps(MAXIMUM, MAXIMUM, OTHER);
    a.vpermilps(OTHER, MAXIMUM, OTHER_HALF);
    a.vmaxps(MAXIMUM, MAXIMUM, OTHER);
    a.vpermilps(OTHER, MAXIMUM, NEIGHBOUR);
    a.vmaxps(MAXIMUM, MAXIMUM, OTHER);
  }

  /** What {@link #codes} and {@link #fields} need of the maxima in the two halves. */
  private void scales() {
    a.vmaxps(MAXIMUM, MAXIMUM, SMALLEST_MAXIMUM);
    a.vdivps(OTHER, LARGEST_CODE, MAXIMUM);
    a.vshuff32x4(INVERSE[0], OTHER, OTHER, LOWER_HALVES);
    a.vshuff32x4(INVERSE[1], OTHER, OTHER, UPPER_HALVES);
    a.vmulps(OTHER, MAXIMUM, STEPS);
    a.vpandd(UNITS, OTHER, AT_SCALED_SUM);
    a.vpord(UNITS, UNITS, ONE_AT_SUM);
    a.vpandd(SCALE, OTHER, AT_SCALE);
  }

  /** q of 64 columns, a byte each. */
  private void codes() {
    for (int i = 0; i < 4; i++) {
      Zmm part = new Zmm(CODES.number() + i);
      a.vmulps(part, INVERSE[i / 2], Mem.at(Gpr.RDI, 64 * i));
      a.vcvtps2dq(part, part);
    }
    Zmm last = new Zmm(CODES.number() + 2);
    a.vpackssdw(CODES, CODES, new Zmm(CODES.number() + 1));
    a.vpackssdw(last, last, new Zmm(CODES.number() + 3));
    a.vpacksswb(CODES, CODES, last);
    a.vpermps(CODES, ORDER, CODES);
    store(CODES, 0);
  }

  /** The numbers after the bytes. */
  private void fields() {
    a.vpxord(SUMS, SUMS, SUMS);
    a.vpdpbusd(SUMS, ONES, CODES);
    a.vpermilps(OTHER, SUMS, OTHER_HALF);
    a.vpaddd(SUMS, SUMS, OTHER);
    a.vpermilps(OTHER, SUMS, NEIGHBOUR);
    a.vpaddd(SUMS, SUMS, OTHER); // of sixteen columns, in each quarter
    a.vshuff32x4(OTHER, SUMS, SUMS, NEIGHBOUR);
    a.vpaddd(OTHER, SUMS, OTHER); // of 32 columns, in each half
    a.vpternlogd(SUMS, OTHER, SUM_OF_SIXTEEN, FIRST_WHERE_THIRD);
    a.vpsubd(SUMS, ZERO, SUMS);
    a.vpsllvd(SUMS, SUMS, SHIFTS);
    a.vcvtdq2ps(OTHER, OTHER);
    a.vmovups(FIELDS, SCALE);
    a.vfmadd231ps(FIELDS, OTHER, UNITS);
    a.vpord(FIELDS, FIELDS, SUMS);
    store(FIELDS, Activations.COLUMNS);
  }

  private void store(Zmm halves, int at) {
    a.vextracti32x8(Mem.at(Gpr.RSI, at), halves, 0);
    a.vextracti32x8(Mem.at(Gpr.RSI, Activations.BYTES + at), halves, 1);
  }
}
