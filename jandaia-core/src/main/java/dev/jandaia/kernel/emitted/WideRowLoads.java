package dev.jandaia.kernel.emitted;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeMemory;
import dev.jandaia.machinecode.Zmm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Sixteen columns at a time. The permutation heeds four bits, so a table of all codes fits in a
 * register. Registers 20 and 28 to 31 belong to it.
 */
final class WideRowLoads extends RowLoads<Zmm> {
  private static final Zmm UPPER = new Zmm(20);
  private static final Zmm TABLE = new Zmm(28);
  private static final Zmm SHIFTS = new Zmm(29);
  private static final Zmm ROTATIONS = new Zmm(30);
  private static final Zmm LOW_BITS = new Zmm(31);

  /** Bit by bit the first operand where the third has ones, the second elsewhere. */
  private static final int CHOOSE = 0b1110_0100;

  private static final int LANES = 16;
  private static final int BYTES = 4 * LANES;

  private final Assembler a;

  WideRowLoads(Assembler a, RowFormat format) {
    super(a, format);
    this.a = a;
  }

  /** Table, shifts, rotations, each a register; for code that lives as long as the process. */
  private MemorySegment memory() {
    MemorySegment memory = NativeMemory.allocate(3 * BYTES, Arena.global());
    for (int i = 0; i < LANES; i++) {
      memory.setAtIndex(JAVA_FLOAT, i, format.table[i % (1 << format.bits())]);
      memory.setAtIndex(JAVA_INT, LANES + i, format.shift(i));
      // Moves bit i to bit 2.
      memory.setAtIndex(JAVA_INT, 2 * LANES + i, i - 2);
    }
    return memory;
  }

  @Override
  void constants(Gpr memory) {
    if (format.bits() > 0) {
      a.mov64(Gpr.RAX, memory().address());
      a.vmovups(TABLE, Mem.at(Gpr.RAX, 0));
      a.vmovdqu32(SHIFTS, Mem.at(Gpr.RAX, BYTES));
    }
    if (format.encoding == RowEncoding.CODES_3) {
      a.vmovdqu32(ROTATIONS, Mem.at(Gpr.RAX, 2 * BYTES));
      a.constant(LOW_BITS, 3);
    }
  }

  @Override
  void scale(Zmm values, Mem scale) {
    a.vmulps(values, values, scale.toAll());
  }

  @Override
  void lookUp(Zmm codes, int part) {
    a.vpsrlvd(codes, codes, SHIFTS);
    a.vpermps(codes, codes, TABLE);
  }

  @Override
  void lookUp(Zmm codes, Mem upper, int part) {
    a.vpbroadcastw(UPPER, upper);
    a.vpsrlvd(codes, codes, SHIFTS);
    a.vprorvd(UPPER, UPPER, ROTATIONS);
    a.vpternlogd(codes, UPPER, LOW_BITS, CHOOSE);
    a.vpermps(codes, codes, TABLE);
  }
}
