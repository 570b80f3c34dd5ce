package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.tensor.DType;
import java.util.Optional;

/**
 * Q6_K, packed as {@link PackedQ6K} packs it: sixteen d in half precision, the signed bytes that
 * scale runs of 16 columns, the lower four bits, the upper two.
 */
final class Avx2Q6K extends Avx2Format {
  private static final int STORED_HIGH = 128;
  private static final int STORED_SCALES = 192;
  private static final int STORED_SCALE = 208;
  private static final int SCALES = 64;
  private static final int LOW = SCALES + 4 * 64;
  private static final int HIGH = LOW + 2048;

  Avx2Q6K() {
    super(
        DType.Q6_K,
        HIGH + 1024,
        new RunShape(16, RunShape.Offset.THIRTY_TWO, false),
        Avx2Codes.SIX_BITS);
  }

  @Override
  void constants(Avx2Assembler a) {
    constant(a, CONSTANT_A, 0x0F0F0F0F);
    constant(a, CONSTANT_B, 0x30303030);
  }

  @Override
  void packRow(Avx2Assembler a) {
    copyHalf(a, STORED_SCALE, 0);
    for (int i = 0; i < 4; i++) {
      copy(a, STORED_SCALES + 4 * i, SCALES + 64 * i);
    }
    for (int i = 0; i < 32; i++) {
      copy(a, 4 * i, LOW + 64 * i);
    }
    for (int i = 0; i < 16; i++) {
      copy(a, STORED_HIGH + 4 * i, HIGH + 64 * i);
    }
  }

  @Override
  void unpack(Avx2Assembler a, Gpr block, int half, Receiver receiver) {
    for (int run = 0; run < 16; run++) {
      receiver.begin(16 * run);
      int side = run / 8;
      int quarter = run % 8 / 2;
      for (int k = 0; k < 4; k++) {
        int word = run % 2 * 4 + k;
        int low = LOW + 64 * (side * 16 + quarter % 2 * 8 + word) + HALF * half;
        int high = HIGH + 64 * (side * 8 + word) + HALF * half;
        Avx2Q4K.nibbles(a, Mem.at(block, low), quarter / 2);
        Avx2Q5K.addHighBits(a, Mem.at(block, high), 4 - 2 * quarter);
        receiver.codes(k, RESULT);
      }
      a.vmovdqu(RESULT, Mem.at(block, SCALES + run / 4 * 64 + HALF * half));
      a.vpslld(RESULT, RESULT, 24 - 8 * (run % 4));
      a.vpsrad(RESULT, RESULT, 24);
      a.vcvtdq2ps(RESULT, RESULT);
      a.vcvtph2ps(TEMPORARY, Mem.at(block, HALF / 2 * half));
      a.vmulps(RESULT, RESULT, TEMPORARY);
      receiver.end(RESULT, Optional.empty());
    }
  }
}
