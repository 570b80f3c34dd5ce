package dev.jandaia.kernel.emitted;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.NativeMemory;
import dev.jandaia.machinecode.Ymm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Eight columns at a time. The permutation heeds three bits: of longer codes it looks up both
 * halves of the table, and the upper bit chooses. Registers 12, 13 and 15 belong to it.
 */
final class NarrowRowLoads extends RowLoads<Ymm> {
  private static final Ymm UPPER = new Ymm(12);
  private static final Ymm CHOICE = new Ymm(13);
  private static final Ymm TABLE = new Ymm(15);

  private static final int LANES = 8;
  private static final int BYTES = 4 * LANES;
  private static final int PARTS = 2;
  private static final int SIGN = 31;

  /** From its bit 3 to the sign of an int. */
  private static final int UPPER_TO_SIGN = 28;

  /** Where in memory, counted in registers: the table's halves, then two of each of these. */
  private static final int UPPER_TABLE = 1;

  private static final int SHIFTS = 2;
  private static final int TO_SIGN = 4;
  private static final int ROWS = 6;

  private final Avx2Assembler a;
  private Gpr memory = Gpr.RAX;

  NarrowRowLoads(Avx2Assembler a, RowFormat format) {
    super(a, format);
    this.a = a;
  }

  /** For code that lives as long as the process. */
  private MemorySegment memory() {
    MemorySegment constants = NativeMemory.allocate(ROWS * BYTES, Arena.global());
    // Of three bits two are looked up: the third is stored apart.
    int half = 1 << Math.min(3, format.encoding == RowEncoding.CODES_3 ? 2 : format.bits());
    int codes = 1 << format.bits();
    for (int i = 0; i < LANES; i++) {
      constants.setAtIndex(JAVA_FLOAT, i, format.table[i % half]);
      int upper = Math.min(codes - 1, half + i % half);
      constants.setAtIndex(JAVA_FLOAT, UPPER_TABLE * LANES + i, format.table[upper]);
    }
    for (int i = 0; i < PARTS * LANES; i++) {
      constants.setAtIndex(JAVA_INT, SHIFTS * LANES + i, format.shift(i));
      constants.setAtIndex(JAVA_INT, TO_SIGN * LANES + i, SIGN - i);
    }
    return constants;
  }

  @Override
  void constants(Gpr register) {
    memory = register;
    if (format.bits() > 0) {
      a.mov64(register, memory().address());
      a.vmovups(TABLE, at(0));
    }
  }

  private Mem at(int row) {
    return Mem.at(memory, BYTES * row);
  }

  @Override
  void scale(Ymm values, Mem scale) {
    a.vbroadcastss(CHOICE, scale);
    a.vmulps(values, values, CHOICE);
  }

  @Override
  void lookUp(Ymm codes, int part) {
    a.vpsrlvd(codes, codes, at(SHIFTS + part));
    if (format.bits() < 4) {
      a.vpermps(codes, codes, TABLE);
    } else {
      a.vpslld(CHOICE, codes, UPPER_TO_SIGN);
      choose(codes);
    }
  }

  @Override
  void lookUp(Ymm codes, Mem upper, int part) {
    a.vpbroadcastw(CHOICE, upper);
    a.vpsllvd(CHOICE, CHOICE, at(TO_SIGN + part));
    a.vpsrlvd(codes, codes, at(SHIFTS + part));
    choose(codes);
  }

  /** From the upper half of the table where {@link #CHOICE} is negative. */
  private void choose(Ymm codes) {
    a.vpermps(UPPER, codes, at(UPPER_TABLE));
    a.vpermps(codes, codes, TABLE);
    a.vblendvps(codes, codes, UPPER, CHOICE);
  }
}
