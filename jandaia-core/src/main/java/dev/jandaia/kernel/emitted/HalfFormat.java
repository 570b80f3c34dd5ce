package dev.jandaia.kernel.emitted;

import static dev.jandaia.kernel.emitted.PackedFormat.CONSTANT_A;
import static dev.jandaia.kernel.emitted.PackedFormat.RESULT;
import static dev.jandaia.kernel.emitted.PackedFormat.ROW_STARTS;
import static dev.jandaia.kernel.emitted.PackedFormat.TEMPORARY;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.Operand;
import dev.jandaia.machinecode.Zmm;

/**
 * The encodings of sixteen bits, interleaved: blocks of {@value #COLUMNS} columns of sixteen rows,
 * multiplied in steps of one register each. A step is one column as floats, or a pair of columns
 * for the processor's dot product of bfloat16. Registers 24 to 31 belong to the format.
 */
enum HalfFormat {
  /** A register holds pairs of columns; a float is a bfloat16 with sixteen more bits. */
  BF16(32) {
    @Override
    void constants(Assembler a) {
      a.constant(CONSTANT_A, 0xFFFF0000);
    }

    @Override
    void pack(Assembler a) {
      packPairs(a);
    }

    @Override
    void unpack(Assembler a, Gpr block, Receiver receiver) {
      for (int pair = 0; pair < COLUMNS / 2; pair++) {
        a.vpslld(RESULT, Mem.at(block, 64 * pair), 16);
        receiver.step(2 * pair, RESULT);
        a.vpandd(TEMPORARY, CONSTANT_A, Mem.at(block, 64 * pair));
        receiver.step(2 * pair + 1, TEMPORARY);
      }
    }
  },

  /** As BF16, with activations rounded too: pairs are multiplied as they are. */
  BF16_PAIRS(16) {
    @Override
    void constants(Assembler a) {
      // It needs none.
    }

    @Override
    void pack(Assembler a) {
      packPairs(a);
    }

    @Override
    void unpack(Assembler a, Gpr block, Receiver receiver) {
      for (int pair = 0; pair < steps; pair++) {
        Zmm weights = pair % 2 == 0 ? RESULT : TEMPORARY;
        a.vmovdqu32(weights, Mem.at(block, 64 * pair));
        receiver.step(pair, weights);
      }
    }

    @Override
    void addProduct(Assembler a, Zmm sum, Zmm weights, Operand activation) {
      a.vdpbf16ps(sum, weights, activation);
    }
  },

  /** Half a register per column. */
  F16(32) {
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
        receiver.step(column, floats);
      }
    }
  };

  /** Columns of a block. */
  static final int COLUMNS = 32;

  /** Bytes of a packed block. */
  static final int BYTES = 2 * COLUMNS * PackedFormat.ROWS;

  /** Steps in a block: each reads four bytes of activations. */
  final int steps;

  HalfFormat(int steps) {
    this.steps = steps;
  }

  /** What becomes of a block. */
  interface Receiver {
    /** The weights of sixteen rows for one step. */
    void step(int step, Zmm weights);
  }

  /** Loads what {@link #unpack} expects in the constant registers. Uses rax. */
  abstract void constants(Assembler a);

  /** Packs the block at rsi, of the rows that {@code ROW_STARTS} leads to, to rdi. */
  abstract void pack(Assembler a);

  /** Unpacks the block at {@code block}. */
  abstract void unpack(Assembler a, Gpr block, Receiver receiver);

  /** sum += weights·activation, {@code activation} being four bytes in all lanes. */
  void addProduct(Assembler a, Zmm sum, Zmm weights, Operand activation) {
    a.vfmadd231ps(sum, weights, activation);
  }

  /** Bytes of the activations for a block. */
  final int activationBytes() {
    return 4 * steps;
  }

  /** Bytes of an unpacked block. */
  final int panelBytes() {
    return 64 * steps;
  }

  private static void packPairs(Assembler a) {
    for (int pair = 0; pair < COLUMNS / 2; pair++) {
      PackedFormat.copy(a, 4 * pair, 64 * pair);
    }
  }
}
