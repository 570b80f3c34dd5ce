package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.VectorAssembler;
import dev.jandaia.machinecode.VectorRegister;

/**
 * How a register of columns of a cached row becomes floats. Codes are moved to the lowest bits of
 * their lanes, and a permutation looks them up; it heeds no more bits than it needs, so the table
 * is repeated where there are fewer codes, and nothing needs to be masked.
 */
abstract sealed class RowLoads<R extends VectorRegister> permits WideRowLoads, NarrowRowLoads {
  /** Bits that a bfloat16 number is short of a float. */
  private static final int MISSING_BITS = 16;

  final RowFormat format;
  private final VectorAssembler<R> a;
  private final int parts;

  RowLoads(VectorAssembler<R> a, RowFormat format) {
    this.a = a;
    this.format = format;
    this.parts = RowFormat.STEP / a.lanes();
  }

  @SuppressWarnings("unchecked") // the code is of the assembler's length
  static <R extends VectorRegister> RowLoads<R> of(VectorAssembler<R> a, RowFormat format) {
    return (RowLoads<R>)
        switch (a) {
          case Assembler wide -> new WideRowLoads(wide, format);
          case Avx2Assembler narrow -> new NarrowRowLoads(narrow, format);
        };
  }

  /** Registers of columns in a row. */
  final int steps() {
    return format.dim / a.lanes();
  }

  /**
   * Loads what {@link #load} expects in registers. Uses rax.
   *
   * @param memory register that may keep the address of more constants
   */
  abstract void constants(Gpr memory);

  /**
   * A register of columns as floats.
   *
   * @param rows register with the address of a first row
   * @param others register with the address of what is stored apart for it
   * @param row counted from the first
   * @param step which columns: from lanes·step on
   */
  final void load(R to, Gpr rows, Gpr others, int row, int step) {
    int group = step / parts;
    int part = step % parts;
    int start = row * format.rowBytes() + group * format.stepBytes();
    Mem from = Mem.at(rows, start + format.stepBytes() / parts * part);
    Mem all = Mem.at(rows, start);
    switch (format.encoding) {
      case F16 -> a.vcvtph2ps(to, from);
      case BF16 -> {
        a.vpmovzxwd(to, from);
        a.vpslld(to, to, MISSING_BITS);
      }
      case Q8_0 -> {
        a.vpmovsxbd(to, from);
        a.vcvtdq2ps(to, to);
        scale(to, Mem.at(others, row * format.otherBytes() + 4 * (group / 2)));
      }
      case CODES_1 -> {
        a.vpbroadcastw(to, all);
        lookUp(to, part);
      }
      case CODES_2 -> {
        a.vpbroadcastd(to, all);
        lookUp(to, part);
      }
      case CODES_3 -> {
        a.vpbroadcastd(to, all);
        lookUp(to, Mem.at(others, row * format.otherBytes() + 2 * group), part);
      }
      case CODES_4 -> {
        a.broadcastPair(to, all);
        lookUp(to, part);
      }
    }
  }

  /** Multiplies by the float at {@code scale}. */
  abstract void scale(R values, Mem scale);

  /**
   * Codes to floats.
   *
   * @param part of sixteen columns
   */
  abstract void lookUp(R codes, int part);

  /** As above, of codes whose upper bits are the sixteen at {@code upper}. */
  abstract void lookUp(R codes, Mem upper, int part);
}
