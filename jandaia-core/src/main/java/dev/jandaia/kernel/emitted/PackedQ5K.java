package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.tensor.DType;

/**
 * Q5_K: as Q4_K, with a fifth bit. Bit r of byte c of the 32 bytes of high bits belongs to column
 * 32r + c.
 */
final class PackedQ5K extends PackedFormat {
  private static final int STORED_HIGH = 16;
  private static final int STORED_CODES = 48;
  private static final int HIGH = SixBitScales.PACKED;
  private static final int CODES = HIGH + 512;

  PackedQ5K() {
    super(DType.Q5_K, CODES + 2048, new RunShape(32, RunShape.Offset.NONE, true));
  }

  @Override
  void constants(Assembler a) {
    a.constant(CONSTANT_A, 0x0F0F0F0F);
    a.constant(CONSTANT_C, 0x10101010);
    SixBitScales.constants(a);
  }

  @Override
  void pack(Assembler a) {
    SixBitScales.pack(a);
    for (int i = 0; i < 8; i++) {
      copy(a, STORED_HIGH + 4 * i, HIGH + 64 * i);
    }
    for (int i = 0; i < 32; i++) {
      copy(a, STORED_CODES + 4 * i, CODES + 64 * i);
    }
  }

  @Override
  void unpack(Assembler a, Gpr block, Receiver receiver) {
    SixBitScales.unpackBlock(a, block);
    for (int run = 0; run < 8; run++) {
      receiver.begin(32 * run);
      for (int k = 0; k < 8; k++) {
        PackedQ4K.nibbles(a, Mem.at(block, CODES + 64 * (run / 2 * 8 + k)), run % 2);
        moveBits(a, Mem.at(block, HIGH + 64 * k), 4 - run);
        a.vpandd(TEMPORARY, TEMPORARY, CONSTANT_C);
        a.vpord(RESULT, RESULT, TEMPORARY);
        receiver.codes(k, RESULT);
      }
      SixBitScales.unpackRun(a, block, run, receiver);
    }
  }

  /** {@link #TEMPORARY} = bits, moved to the left, or to the right if negative. */
  static void moveBits(Assembler a, Mem bits, int left) {
    if (left >= 0) {
      a.vpslld(TEMPORARY, bits, left);
    } else {
      a.vpsrld(TEMPORARY, bits, -left);
    }
  }
}
