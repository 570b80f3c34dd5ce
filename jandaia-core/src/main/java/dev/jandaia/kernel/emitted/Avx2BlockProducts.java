package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Ymm;

/**
 * Part of {@link Avx2FewRowsKernel}: products of a packed block with a few rows of activations. May
 * use the registers from 4 on, and rax.
 */
sealed interface Avx2BlockProducts permits Avx2RunProducts, Avx2SuperProducts {
  /** Bytes that {@link #constants} writes at the top of the stack. */
  int stackBytes();

  /** Loads what the products need all the time. */
  void constants();

  /**
   * Adds the products of a packed block.
   *
   * @param packed where the block begins
   * @param sums of each row of activations and half of the rows of weights, floats
   */
  void add(Gpr packed, Sums sums);

  /** Registers of sums. */
  interface Sums {
    /**
     * The sums of a row of activations.
     *
     * @param half 0 for the first eight rows of weights, 1 for the others
     */
    Ymm of(int row, int half);
  }
}
