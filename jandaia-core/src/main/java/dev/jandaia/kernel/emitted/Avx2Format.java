package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.Ymm;
import dev.jandaia.tensor.DType;
import java.util.Optional;

/**
 * One encoding of weights, interleaved for processors whose registers have 256 bits: what {@link
 * PackedFormat} is for 512. Packed blocks hold sixteen rows as there, so a half of eight rows fills
 * a register: lane i has four neighbouring columns of row i. Registers 11 to 15 belong to the
 * format, the others to whoever uses it.
 */
abstract sealed class Avx2Format permits Avx2RunFormat, Avx2SuperFormat {
  /** What becomes of the codes of a run of columns. */
  interface Codes {
    /** The codes of columns column + 4k … column + 4k + 3, in any order of k. */
    void codes(int k, Ymm codes);
  }

  /** Bytes of a register: eight rows. */
  static final int HALF = 32;

  // Registers of the format.
  static final Ymm RESULT = new Ymm(11);
  static final Ymm TEMPORARY = new Ymm(12);
  static final Ymm MINIMA = new Ymm(13);
  static final Ymm CONSTANT_A = new Ymm(14);
  static final Ymm CONSTANT_B = new Ymm(15);

  /** While packing: where the stored block of a row begins. */
  static final Gpr STORED = Gpr.R10;

  /** While packing: twice the number of the row among the sixteen. */
  static final Gpr TWICE_ROW = Gpr.R11;

  final DType dtype;
  final int bytes;
  final RunShape shape;
  final Avx2Codes codes;

  /**
   * @param bytes size of a packed block
   */
  Avx2Format(DType dtype, int bytes, RunShape shape, Avx2Codes codes) {
    this.dtype = dtype;
    this.bytes = bytes;
    this.shape = shape;
    this.codes = codes;
  }

  /** The format of an encoding, if it has one. */
  static Optional<Avx2Format> of(DType dtype) {
    return switch (dtype) {
      case Q8_0 -> Optional.of(new Avx2Bytes());
      case Q4_0, IQ4_NL, MXFP4 -> Optional.of(Avx2Nibbles.ofType(dtype));
      case Q4_K -> Optional.of(new Avx2Q4K());
      case Q5_K -> Optional.of(new Avx2Q5K());
      case Q6_K -> Optional.of(new Avx2Q6K());
      default -> Optional.empty();
    };
  }

  /** Columns of a block. */
  final int columns() {
    return dtype.blockSize();
  }

  /** Loads what unpacking expects in the constant registers. Uses rax. */
  abstract void constants(Avx2Assembler a);

  /** Packs the block of one row, by {@link #copy} and {@link #copyHalf}. */
  abstract void packRow(Avx2Assembler a);

  /** Puts in order what {@link #packRow} has copied for the sixteen rows of the block at rdi. */
  void packBlock(Avx2Assembler a) {}

  /** Copies four bytes of a row, from {@code stored}, to those that begin at {@code packed}. */
  static void copy(Avx2Assembler a, int stored, int packed) {
    a.mov32(Gpr.RAX, Mem.at(STORED, stored));
    a.mov32(Mem.at(Gpr.RDI, TWICE_ROW, 2, packed), Gpr.RAX);
  }

  /** Copies the half-precision number at {@code stored} of a row. */
  static void copyHalf(Avx2Assembler a, int stored, int packed) {
    a.movzxw(Gpr.RAX, Mem.at(STORED, stored));
    a.mov16(Mem.at(Gpr.RDI, TWICE_ROW, 1, packed), Gpr.RAX);
  }
}
