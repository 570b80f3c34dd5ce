package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.VectorAssembler;
import dev.jandaia.machinecode.VectorRegister;

/** Brings the lanes of a register together, in steps of half as many each. */
final class AcrossLanes {
  /** Orders of four pairs of bits that bring the other half, and the neighbour, to each place. */
  static final int OTHER_HALF = 0b01_00_11_10;

  static final int NEIGHBOUR = 0b10_11_00_01;

  /** Swaps the halves of a register of 256 bits. */
  static final int SWAPPED = 0x01;

  interface Operation<R> {
    void write(R to, R a, R b);
  }

  private AcrossLanes() {}

  /** All lanes = all lanes brought together; {@code temporary} is used up. */
  static <R extends VectorRegister> void reduce(
      VectorAssembler<R> a, R lanes, R temporary, Operation<R> operation) {
    reduceQuarters(a, lanes, temporary, operation);
    a.vpermilps(temporary, lanes, OTHER_HALF);
    operation.write(lanes, lanes, temporary);
    a.vpermilps(temporary, lanes, NEIGHBOUR);
    operation.write(lanes, lanes, temporary);
  }

  /** Each 128 bits = all of them brought together; {@code temporary} is used up. */
  static <R extends VectorRegister> void reduceQuarters(
      VectorAssembler<R> a, R lanes, R temporary, Operation<R> operation) {
    for (int distance = a.quarters() / 2; distance > 0; distance /= 2) {
      a.exchangeQuarters(temporary, lanes, distance);
      operation.write(lanes, lanes, temporary);
    }
  }
}
