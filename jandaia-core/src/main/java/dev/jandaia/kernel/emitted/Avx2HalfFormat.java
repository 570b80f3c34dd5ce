package dev.jandaia.kernel.emitted;

import static dev.jandaia.kernel.emitted.Avx2Format.CONSTANT_A;
import static dev.jandaia.kernel.emitted.Avx2Format.HALF;
import static dev.jandaia.kernel.emitted.Avx2Format.RESULT;
import static dev.jandaia.kernel.emitted.Avx2Format.TEMPORARY;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.Ymm;

/**
 * The encodings of sixteen bits, interleaved: blocks of {@value #COLUMNS} columns of sixteen rows,
 * of which eight fill a register as floats. Registers 12 to 15 belong to the format.
 */
enum Avx2HalfFormat {
  /** A lane holds a pair of columns; a float is a bfloat16 with sixteen more bits. */
  BF16 {
    @Override
    void constants(Avx2Assembler a) {
      a.constant(CONSTANT_A, 0xFFFF0000);
    }

    @Override
    void packRow(Avx2Assembler a) {
      for (int pair = 0; pair < COLUMNS / 2; pair++) {
        Avx2Format.copy(a, 4 * pair, 64 * pair);
      }
    }

    @Override
    void unpack(Avx2Assembler a, Gpr block, int half, int pair, Receiver receiver) {
      Mem both = Mem.at(block, 64 * pair + HALF * half);
      a.vmovdqu(EVEN, both);
      a.vpslld(EVEN, EVEN, 16);
      receiver.column(2 * pair, half, EVEN);
      a.vpand(ODD, CONSTANT_A, both);
      receiver.column(2 * pair + 1, half, ODD);
    }
  },

  /** Half a register per column. */
  F16 {
    @Override
    void constants(Avx2Assembler a) {
      // It needs none.
    }

    @Override
    void packRow(Avx2Assembler a) {
      for (int column = 0; column < COLUMNS; column++) {
        Avx2Format.copyHalf(a, 2 * column, 32 * column);
      }
    }

    @Override
    void unpack(Avx2Assembler a, Gpr block, int half, int pair, Receiver receiver) {
      for (int column = 2 * pair; column < 2 * pair + 2; column++) {
        Ymm floats = column % 2 == 0 ? EVEN : ODD;
        a.vcvtph2ps(floats, Mem.at(block, 32 * column + HALF / 2 * half));
        receiver.column(column, half, floats);
      }
    }
  };

  /** Columns of a block. */
  static final int COLUMNS = 32;

  /** Bytes of a packed block. */
  static final int BYTES = 2 * COLUMNS * PackedFormat.ROWS;

  /** Bytes of an unpacked block, and of the activations for one. */
  static final int PANEL_BYTES = 2 * BYTES;

  static final int ACTIVATION_BYTES = 4 * COLUMNS;

  private static final Ymm EVEN = RESULT;
  private static final Ymm ODD = TEMPORARY;

  /** What becomes of the weights of a block. */
  interface Receiver {
    /** The weights of eight rows, the first or the others, in one column. */
    void column(int column, int half, Ymm weights);
  }

  /** Loads what {@link #unpack} expects in the constant register. Uses rax. */
  abstract void constants(Avx2Assembler a);

  /** Packs the block of one row, by the copies of {@link Avx2Format}. */
  abstract void packRow(Avx2Assembler a);

  /** Unpacks eight rows of two columns of the block at {@code block}. */
  abstract void unpack(Avx2Assembler a, Gpr block, int half, int pair, Receiver receiver);

  /** Unpacks the block at {@code block}, line of memory by line. */
  final void unpack(Avx2Assembler a, Gpr block, Receiver receiver) {
    for (int pair = 0; pair < COLUMNS / 2; pair++) {
      unpack(a, block, 0, pair, receiver);
      unpack(a, block, 1, pair, receiver);
    }
  }
}
