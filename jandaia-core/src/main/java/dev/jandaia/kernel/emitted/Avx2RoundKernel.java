package dev.jandaia.kernel.emitted;

import static dev.jandaia.kernel.emitted.AcrossLanes.NEIGHBOUR;
import static dev.jandaia.kernel.emitted.AcrossLanes.OTHER_HALF;
import static dev.jandaia.kernel.emitted.AcrossLanes.SWAPPED;
import static dev.jandaia.machinecode.Condition.NOT_ZERO;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Label;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeCode;
import dev.jandaia.machinecode.NativeMemory;
import dev.jandaia.machinecode.Ymm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Scalar twin: {@link RoundedRow}. Rounds a row of floats to blocks of {@link Activations}: s =
 * max|x|/127 over 32 or 256 columns, q = x/s to the nearest.
 *
 * <p>rdi = floats, rsi = blocks, rdx = how many times the columns that share a scale, rcx = {@link
 * #table}.
 */
final class Avx2RoundKernel {
  private static final Ymm PAIR = new Ymm(1);
  private static final Ymm MAXIMUM = new Ymm(4);
  private static final Ymm OTHER = new Ymm(5);
  private static final Ymm SUMS = new Ymm(6);
  private static final Ymm TOTAL = new Ymm(7);
  private static final Ymm INVERSE = new Ymm(8);
  private static final Ymm SCALE = new Ymm(9);
  private static final Ymm UNITS = new Ymm(10);
  private static final Ymm ORDER = new Ymm(11);
  private static final Ymm MAGNITUDE = new Ymm(12);
  private static final Ymm BYTE_ONES = new Ymm(13);
  private static final Ymm SHORT_ONES = new Ymm(14);
  private static final Ymm ZERO = new Ymm(15);

  // Constants that differ from lane to lane, by their places in the table.
  private static final int ORDER_LANES = 0;
  private static final int SUM_OF_SIXTEEN = 1;
  private static final int SHIFTS = 2;
  private static final int ONE_AT_SUM = 3;
  private static final int AT_SCALED_SUM = 4;
  private static final int AT_SCALE = 5;
  private static final int AT_SHORT_SUMS = 6;

  /** All but the first in the order of {@link Activations.Field}. */
  private static final int[][] LANES = {
    {0, 4, 1, 5, 2, 6, 3, 7}, // packing leaves four columns of each of four registers in each half
    {-1, 0, 0, 0, -1, 0, 0, 0},
    {5, 32, 3, 4, 5, 32, 32, 32}, // 32: nothing is left
    {0, 0, 0, 0, 0, Float.floatToRawIntBits(1), 0, 0},
    {0, 0, 0, 0, 0, 0, -1, 0},
    {0, 0, 0, 0, 0, 0, 0, -1},
    {0, -1, 0, 0, 0, 0, 0, 0},
  };

  private static final MemorySegment TABLE = table();

  private final Avx2Assembler a = new Avx2Assembler();
  private final int columns;

  private Avx2RoundKernel(int columns) {
    this.columns = columns;
  }

  private static MemorySegment table() {
    int[] values = Stream.of(LANES).flatMapToInt(IntStream::of).toArray();
    MemorySegment table = NativeMemory.allocate(4L * values.length, Arena.global());
    return table.copyFrom(MemorySegment.ofArray(values));
  }

  private static Mem lanes(int which) {
    return Mem.at(Gpr.RCX, 32 * which);
  }

  /** The fourth argument. */
  static long tableAddress() {
    return TABLE.address();
  }

  /**
   * @param columns that share a scale: a multiple of 32
   */
  static NativeCode of(int columns) {
    return new Avx2RoundKernel(columns).assemble();
  }

  private NativeCode assemble() {
    a.constant(MAGNITUDE, 0x7FFFFFFF);
    a.constant(BYTE_ONES, 0x01010101);
    a.constant(SHORT_ONES, 0x00010001);
    a.vpxor(ZERO, ZERO, ZERO);
    a.vmovdqu(ORDER, lanes(ORDER_LANES));
    Label step = a.label();
    maximum();
    scales();
    a.mov32(Gpr.RAX, columns / Activations.COLUMNS);
    Label block = a.label();
    codes();
    fields();
    a.add(Gpr.RDI, 4 * Activations.COLUMNS);
    a.add(Gpr.RSI, Activations.BYTES);
    a.sub(Gpr.RAX, 1);
    a.jump(NOT_ZERO, block);
    a.sub(Gpr.RDX, 1);
    a.jump(NOT_ZERO, step);
    a.vzeroupper();
    a.ret();
    return new NativeCode(a);
  }

  /** {@link #MAXIMUM} = max|x| in all lanes. */
  private void maximum() {
    a.vandps(MAXIMUM, MAGNITUDE, Mem.at(Gpr.RDI, 0));
    for (int column = 8; column < columns; column += 8) {
      a.vandps(OTHER, MAGNITUDE, Mem.at(Gpr.RDI, 4 * column));
      a.vmaxps(MAXIMUM, MAXIMUM, OTHER);
    }
    AcrossLanes.reduce(a, MAXIMUM, OTHER, a::vmaxps);
  }

  /** What {@link #codes} and {@link #fields} need of the maximum. */
  private void scales() {
    // Rows of zeros must not divide by zero; smaller maxima than this round to zero.
    a.constant(OTHER, RoundedRow.SMALLEST);
    a.vmaxps(MAXIMUM, MAXIMUM, OTHER);
    a.constant(OTHER, 127f);
    a.vdivps(INVERSE, OTHER, MAXIMUM);
    a.constant(OTHER, RoundedRow.STEP);
    a.vmulps(OTHER, MAXIMUM, OTHER);
    a.vpand(UNITS, OTHER, lanes(AT_SCALED_SUM));
    a.vpor(UNITS, UNITS, lanes(ONE_AT_SUM));
    a.vpand(SCALE, OTHER, lanes(AT_SCALE));
  }

  /** q of 32 columns, a byte each. */
  private void codes() {
    for (int i = 0; i < 4; i++) {
      Ymm part = new Ymm(i);
      a.vmulps(part, INVERSE, Mem.at(Gpr.RDI, 32 * i));
      a.vcvtps2dq(part, part);
    }
    Ymm codes = new Ymm(0);
    Ymm last = new Ymm(2);
    a.vpackssdw(codes, codes, new Ymm(1));
    a.vpackssdw(last, last, new Ymm(3));
    a.vpacksswb(codes, codes, last);
    a.vpermd(codes, ORDER, codes);
    a.vmovdqu(Mem.at(Gpr.RSI, 0), codes);
  }

  /** The numbers after the bytes. */
  private void fields() {
    a.vpmaddubsw(SUMS, BYTE_ONES, new Ymm(0));
    a.vpmaddwd(SUMS, SUMS, SHORT_ONES);
    a.vpermilps(OTHER, SUMS, OTHER_HALF);
    a.vpaddd(SUMS, SUMS, OTHER);
    a.vpermilps(OTHER, SUMS, NEIGHBOUR);
    a.vpaddd(SUMS, SUMS, OTHER); // of sixteen columns, in each half
    a.vperm2f128(TOTAL, SUMS, SUMS, SWAPPED);
    shortSums();
    a.vpaddd(TOTAL, TOTAL, SUMS); // of 32 columns
    a.vmovups(OTHER, lanes(SUM_OF_SIXTEEN));
    a.vblendvps(SUMS, TOTAL, SUMS, OTHER);
    a.vpsubd(SUMS, ZERO, SUMS);
    a.vpsllvd(SUMS, SUMS, lanes(SHIFTS));
    a.vcvtdq2ps(TOTAL, TOTAL);
    a.vmovups(OTHER, SCALE);
    a.vfmadd231ps(OTHER, TOTAL, UNITS);
    a.vpor(OTHER, OTHER, SUMS);
    a.vpor(OTHER, OTHER, PAIR);
    a.vmovdqu(Mem.at(Gpr.RSI, Activations.COLUMNS), OTHER);
  }

  /** {@link Activations.Field#SHORT_SUMS}, from the first half of both registers. */
  private void shortSums() {
    a.vpslld(PAIR, SUMS, 16);
    a.vpsrld(PAIR, PAIR, 16);
    a.vpslld(OTHER, TOTAL, 16);
    a.vpor(PAIR, PAIR, OTHER);
    a.vpand(PAIR, PAIR, lanes(AT_SHORT_SUMS));
  }
}
