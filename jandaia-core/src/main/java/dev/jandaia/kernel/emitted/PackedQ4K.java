package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.tensor.DType;

/** Q4_K: the two scales of sixteen blocks, their six-bit pairs, then 256 columns of nibbles. */
final class PackedQ4K extends PackedFormat {
  private static final int STORED_CODES = 16;

  PackedQ4K() {
    super(DType.Q4_K, SixBitScales.PACKED + 2048, new RunShape(32, RunShape.Offset.NONE, true));
  }

  @Override
  void constants(Assembler a) {
    a.constant(CONSTANT_A, 0x0F0F0F0F);
    SixBitScales.constants(a);
  }

  @Override
  void pack(Assembler a) {
    SixBitScales.pack(a);
    for (int i = 0; i < 32; i++) {
      copy(a, STORED_CODES + 4 * i, SixBitScales.PACKED + 64 * i);
    }
  }

  @Override
  void unpack(Assembler a, Gpr block, Receiver receiver) {
    SixBitScales.unpackBlock(a, block);
    for (int run = 0; run < 8; run++) {
      receiver.begin(32 * run);
      for (int k = 0; k < 8; k++) {
        int at = SixBitScales.PACKED + 64 * (run / 2 * 8 + k);
        nibbles(a, Mem.at(block, at), run % 2);
        receiver.codes(k, RESULT);
      }
      SixBitScales.unpackRun(a, block, run, receiver);
    }
  }

  /** The lower or upper halves of 64 bytes, to {@link #RESULT}. */
  static void nibbles(Assembler a, Mem bytes, int half) {
    if (half == 0) {
      a.vpandd(RESULT, CONSTANT_A, bytes);
    } else {
      a.vpsrld(RESULT, bytes, 4);
      a.vpandd(RESULT, RESULT, CONSTANT_A);
    }
  }
}
