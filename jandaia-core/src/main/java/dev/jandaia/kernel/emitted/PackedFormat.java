package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.Zmm;
import dev.jandaia.tensor.DType;
import java.util.Optional;

/**
 * One encoding of weights, interleaved: how sixteen rows of a stored block become one packed block,
 * and how a packed block becomes codes and scales. A register of codes has in lane i four
 * neighbouring columns of row i as unsigned bytes. Registers 24 to 31 belong to the format, the
 * others to whoever uses it.
 */
abstract class PackedFormat {
  /** What becomes of the weights of a packed block. */
  interface Receiver {
    /** A run of columns begins: {@code column} of the block and those that share its scale. */
    void begin(int column);

    /** The codes of columns column + 4k … column + 4k + 3, in any order of k. */
    void codes(int k, Zmm codes);

    /** The scales of the run, and what is subtracted for each unit of Σx. */
    void end(Zmm scales, Optional<Zmm> minima);
  }

  /** Rows that are packed together: one per lane. */
  static final int ROWS = 16;

  // Registers of the format.
  static final Zmm RESULT = new Zmm(24);
  static final Zmm MINIMA = new Zmm(25);
  static final Zmm TEMPORARY = new Zmm(26);
  static final Zmm BLOCK_SCALES = new Zmm(27);
  static final Zmm BLOCK_MINIMA = new Zmm(28);
  static final Zmm CONSTANT_A = new Zmm(29);
  static final Zmm CONSTANT_B = new Zmm(30);
  static final Zmm CONSTANT_C = new Zmm(31);

  /** Lane i: where row i begins, counted from the first row. */
  static final Zmm ROW_STARTS = new Zmm(23);

  final DType dtype;
  final int bytes;
  final RunShape shape;

  /**
   * @param bytes size of a packed block
   */
  PackedFormat(DType dtype, int bytes, RunShape shape) {
    this.dtype = dtype;
    this.bytes = bytes;
    this.shape = shape;
  }

  /** The format of an encoding, if it has one. */
  static Optional<PackedFormat> of(DType dtype) {
    return switch (dtype) {
      case Q8_0 -> Optional.of(new PackedBytes());
      case Q4_0, IQ4_NL, MXFP4 -> Optional.of(PackedNibbles.ofType(dtype));
      case Q4_K -> Optional.of(new PackedQ4K());
      case Q5_K -> Optional.of(new PackedQ5K());
      case Q6_K -> Optional.of(new PackedQ6K());
      default -> Optional.empty();
    };
  }

  /** Columns of a block. */
  final int columns() {
    return dtype.blockSize();
  }

  /** Loads what {@link #pack} and {@link #unpack} expect in the constant registers. Uses rax. */
  abstract void constants(Assembler a);

  /** Packs the block at rsi, of the rows that {@link #ROW_STARTS} leads to, to rdi. */
  abstract void pack(Assembler a);

  /** Unpacks the block at {@code block}. */
  abstract void unpack(Assembler a, Gpr block, Receiver receiver);

  /** Copies four bytes of every row, from {@code stored}, to {@code packed}. */
  static void copy(Assembler a, int stored, int packed) {
    a.vpgatherdd(RESULT, Gpr.RSI, ROW_STARTS, stored);
    a.vmovdqu32(Mem.at(Gpr.RDI, packed), RESULT);
  }

  /** Copies the half-precision number at {@code stored} of every row to {@code packed}. */
  static void copyHalf(Assembler a, int stored, int packed) {
    a.vpgatherdd(RESULT, Gpr.RSI, ROW_STARTS, stored);
    a.vpmovdw(Mem.at(Gpr.RDI, packed), RESULT);
  }
}
