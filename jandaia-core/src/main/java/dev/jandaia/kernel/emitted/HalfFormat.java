package dev.jandaia.kernel.emitted;

import static dev.jandaia.kernel.emitted.PackedFormat.CONSTANT_A;
import static dev.jandaia.kernel.emitted.PackedFormat.RESULT;
import static dev.jandaia.kernel.emitted.PackedFormat.ROW_STARTS;
import static dev.jandaia.kernel.emitted.PackedFormat.TEMPORARY;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.Zmm;

/**
 * The encodings of sixteen bits, interleaved: blocks of {@value #COLUMNS} columns of sixteen rows,
 * read back as floats, one column of sixteen rows per register. Registers 24 to 31 belong to the
 * format.
 */
enum HalfFormat {
  /** A register holds pairs of columns; a float is a bfloat16 with sixteen more bits. */
  BF16 {
    @Override
    void constants(Assembler a) {
      PackedFormat.constant(a, CONSTANT_A, 0xFFFF0000);
    }

    @Override
    void pack(Assembler a) {
      for (int pair = 0; pair < COLUMNS / 2; pair++) {
        PackedFormat.copy(a, 4 * pair, 64 * pair);
      }
    }

    @Override
    void unpack(Assembler a, Gpr block, Receiver receiver) {
      for (int pair = 0; pair < COLUMNS / 2; pair++) {
        a.vpslld(RESULT, Mem.at(block, 64 * pair), 16);
        receiver.column(2 * pair, RESULT);
        a.vpandd(TEMPORARY, CONSTANT_A, Mem.at(block, 64 * pair));
        receiver.column(2 * pair + 1, TEMPORARY);
      }
    }
  },

  /** Half a register per column. */
  F16 {
    @Override
    void constants(Assembler a) {
      // It needs none.
    }

    @Override
    void pack(Assembler a) {
      for (int pair = 0; pair < COLUMNS / 2; pair++) {
        a.vpgatherdd(RESULT, Gpr.RSI, ROW_STARTS, 4 * pair);
        a.vpmovdw(Mem.at(Gpr.RDI, 64 * pair), RESULT);
        a.vpsrld(RESULT, RESULT, 16);
        a.vpmovdw(Mem.at(Gpr.RDI, 64 * pair + 32), RESULT);
      }
    }

    @Override
    void unpack(Assembler a, Gpr block, Receiver receiver) {
      for (int column = 0; column < COLUMNS; column++) {
        Zmm floats = column % 2 == 0 ? RESULT : TEMPORARY;
        a.vcvtph2ps(floats, Mem.at(block, 32 * column));
        receiver.column(column, floats);
      }
    }
  };

  /** Columns of a block. */
  static final int COLUMNS = 32;

  /** Bytes of a packed block. */
  static final int BYTES = 2 * COLUMNS * PackedFormat.ROWS;

  /** What becomes of a block. */
  interface Receiver {
    /** Sixteen rows of a column, as floats. */
    void column(int column, Zmm floats);
  }

  /** Loads what {@link #unpack} expects in the constant registers. Uses rax. */
  abstract void constants(Assembler a);

  /** Packs the block at rsi, of the rows that {@code ROW_STARTS} leads to, to rdi. */
  abstract void pack(Assembler a);

  /** Unpacks the block at {@code block}. */
  abstract void unpack(Assembler a, Gpr block, Receiver receiver);
}
