package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Ymm;
import dev.jandaia.tensor.DType;

/** Blocks of one run of 32 columns, whose scales are floats. */
abstract sealed class Avx2RunFormat extends Avx2Format permits Avx2Bytes, Avx2Nibbles {
  /** What becomes of the weights of half a packed block. */
  interface Receiver extends Codes {
    /** A block begins. */
    void begin();

    /** The scales of its rows. */
    void end(Ymm scales);
  }

  Avx2RunFormat(DType dtype, int bytes, RunShape shape, Avx2Codes codes) {
    super(dtype, bytes, shape, codes);
  }

  /**
   * Unpacks eight rows of the block at {@code block}.
   *
   * @param half 0 for the first eight, 1 for the others
   */
  abstract void unpack(Avx2Assembler a, Gpr block, int half, Receiver receiver);
}
