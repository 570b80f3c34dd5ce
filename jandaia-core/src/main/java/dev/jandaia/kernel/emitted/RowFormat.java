package dev.jandaia.kernel.emitted;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeMemory;
import dev.jandaia.machinecode.Zmm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One encoding of cached rows of {@code dim} elements, a multiple of sixteen: how sixteen columns
 * become floats in a register. Codes of b bits are moved to the lowest bits of their lanes, and a
 * permutation looks them up; it heeds four bits, so the table is repeated where there are fewer,
 * and nothing needs to be masked. Registers 20 and 28 to 31 belong to the format.
 */
final class RowFormat {
  /** Columns that are loaded together. */
  static final int STEP = 16;

  private static final Zmm UPPER = new Zmm(20);
  private static final Zmm TABLE = new Zmm(28);
  private static final Zmm SHIFTS = new Zmm(29);
  private static final Zmm ROTATIONS = new Zmm(30);
  private static final Zmm LOW_BITS = new Zmm(31);

  /** Bit by bit the first operand where the third has ones, the second elsewhere. */
  private static final int CHOOSE = 0b1110_0100;

  private static final int LANES = 16;
  private static final int BYTES = 4 * LANES;

  final RowEncoding encoding;
  final int dim;
  private final int steps;

  /** Table, shifts, rotations, each a register; for code that lives as long as the process. */
  private final MemorySegment constants;

  /**
   * @param table what codes stand for, at least as many floats as there are codes
   */
  RowFormat(RowEncoding encoding, int dim, float[] table) {
    this.encoding = encoding;
    this.dim = dim;
    this.steps = dim / STEP;
    this.constants =
        bits() == 0 ? MemorySegment.NULL : NativeMemory.allocate(3 * BYTES, Arena.global());
    for (int i = 0; bits() > 0 && i < LANES; i++) {
      constants.setAtIndex(JAVA_FLOAT, i, table[i % (1 << bits())]);
      constants.setAtIndex(JAVA_INT, LANES + i, shift(i));
      // Moves bit i to bit 2.
      constants.setAtIndex(JAVA_INT, 2 * LANES + i, i - 2);
    }
  }

  /** Bits of a code; 0 for other encodings. */
  private int bits() {
    return switch (encoding) {
      case F16, BF16, Q8_0 -> 0;
      case CODES_1 -> 1;
      case CODES_2 -> 2;
      case CODES_3 -> 3;
      case CODES_4 -> 4;
    };
  }

  private int shift(int lane) {
    return switch (bits()) {
      case 4 -> 4 * (lane >> 1);
      case 1 -> lane;
      default -> 2 * lane;
    };
  }

  /** Bytes from one row to the next. */
  int rowBytes() {
    return steps * stepBytes();
  }

  private int stepBytes() {
    return switch (encoding) {
      case F16, BF16 -> 32;
      case Q8_0 -> 16;
      case CODES_1 -> 2;
      case CODES_2, CODES_3 -> 4;
      case CODES_4 -> 8;
    };
  }

  /** Bytes from one row to the next of what is stored apart: float scales, or upper bits. */
  int otherBytes() {
    return switch (encoding) {
      case Q8_0 -> 4 * Math.ceilDiv(dim, 32);
      case CODES_3 -> 2 * steps;
      default -> 0;
    };
  }

  /** Bytes from one row to the next of what is stored apart, as it is stored: scales are halves. */
  int storedOtherBytes() {
    return encoding == RowEncoding.Q8_0 ? otherBytes() / 2 : otherBytes();
  }

  /** Loads what {@link #load} expects in registers. Uses rax. */
  void constants(Assembler a) {
    if (bits() > 0) {
      a.mov64(Gpr.RAX, constants.address());
      a.vmovups(TABLE, Mem.at(Gpr.RAX, 0));
      a.vmovdqu32(SHIFTS, Mem.at(Gpr.RAX, BYTES));
    }
    if (encoding == RowEncoding.CODES_3) {
      a.vmovdqu32(ROTATIONS, Mem.at(Gpr.RAX, 2 * BYTES));
      PackedFormat.constant(a, LOW_BITS, 3);
    }
  }

  /**
   * Sixteen columns as floats.
   *
   * @param rows register with the address of a first row
   * @param others register with the address of what is stored apart for it
   * @param row counted from the first
   * @param step which columns: from 16·step on
   */
  void load(Assembler a, Zmm to, Gpr rows, Gpr others, int row, int step) {
    Mem from = Mem.at(rows, row * rowBytes() + step * stepBytes());
    switch (encoding) {
      case F16 -> a.vcvtph2ps(to, from);
      case BF16 -> {
        a.vpmovzxwd(to, from);
        a.vpslld(to, to, 16);
      }
      case Q8_0 -> {
        a.vpmovsxbd(to, from);
        a.vcvtdq2ps(to, to);
        a.vmulps(to, to, Mem.at(others, row * otherBytes() + 4 * (step / 2)).toAll());
      }
      case CODES_1 -> {
        a.vpbroadcastw(to, from);
        lookUp(a, to);
      }
      case CODES_2 -> {
        a.vpbroadcastd(to, from);
        lookUp(a, to);
      }
      case CODES_3 -> {
        a.vpbroadcastd(to, from);
        a.vpbroadcastw(UPPER, Mem.at(others, row * otherBytes() + 2 * step));
        a.vpsrlvd(to, to, SHIFTS);
        a.vprorvd(UPPER, UPPER, ROTATIONS);
        a.vpternlogd(to, UPPER, LOW_BITS, CHOOSE);
        a.vpermps(to, to, TABLE);
      }
      case CODES_4 -> {
        a.vbroadcasti32x2(to, from);
        lookUp(a, to);
      }
    }
  }

  private static void lookUp(Assembler a, Zmm codes) {
    a.vpsrlvd(codes, codes, SHIFTS);
    a.vpermps(codes, codes, TABLE);
  }
}
