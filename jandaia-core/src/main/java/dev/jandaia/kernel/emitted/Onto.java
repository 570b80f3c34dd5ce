package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.Zmm;

/** What the products of a tile are added to. */
enum Onto {
  /** Nothing: the first columns. */
  ZERO {
    @Override
    void begin(Assembler a, Zmm sum, Mem result) {
      a.vpxord(sum, sum, sum);
    }
  },

  /** The results of earlier columns. */
  RESULTS {
    @Override
    void begin(Assembler a, Zmm sum, Mem result) {
      a.vmovups(sum, result);
    }
  };

  /** Gives a sum its first value. */
  abstract void begin(Assembler a, Zmm sum, Mem result);
}
