package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Ymm;
import dev.jandaia.machinecode.Zmm;

/** Brings the lanes of a register together, in steps of half as many each. */
final class AcrossLanes {
  /** Orders of four pairs of bits that bring the other half, and the neighbour, to each place. */
  static final int OTHER_HALF = 0b01_00_11_10;

  static final int NEIGHBOUR = 0b10_11_00_01;

  /** Swaps the halves of a register of 256 bits. */
  static final int SWAPPED = 0x01;

  interface Operation {
    void write(Zmm to, Zmm a, Zmm b);
  }

  interface NarrowOperation {
    void write(Ymm to, Ymm a, Ymm b);
  }

  private AcrossLanes() {}

  /** All lanes = all lanes brought together; {@code temporary} is used up. */
  static void reduce(Assembler a, Zmm lanes, Zmm temporary, Operation operation) {
    a.vshuff32x4(temporary, lanes, lanes, OTHER_HALF);
    operation.write(lanes, lanes, temporary);
    a.vshuff32x4(temporary, lanes, lanes, NEIGHBOUR);
    operation.write(lanes, lanes, temporary);
    a.vpermilps(temporary, lanes, OTHER_HALF);
    operation.write(lanes, lanes, temporary);
    a.vpermilps(temporary, lanes, NEIGHBOUR);
    operation.write(lanes, lanes, temporary);
  }

  /** The same of eight lanes. */
  static void reduce(Avx2Assembler a, Ymm lanes, Ymm temporary, NarrowOperation operation) {
    a.vperm2f128(temporary, lanes, lanes, SWAPPED);
    operation.write(lanes, lanes, temporary);
    a.vpermilps(temporary, lanes, OTHER_HALF);
    operation.write(lanes, lanes, temporary);
    a.vpermilps(temporary, lanes, NEIGHBOUR);
    operation.write(lanes, lanes, temporary);
  }
}
