package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Zmm;

/** Brings the lanes of a register together, in four steps of half as many each. */
final class AcrossLanes {
  /** Orders of four pairs of bits that bring the other half, and the neighbour, to each place. */
  private static final int OTHER_HALF = 0b01_00_11_10;

  private static final int NEIGHBOUR = 0b10_11_00_01;

  interface Operation {
    void write(Zmm to, Zmm a, Zmm b);
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
}
