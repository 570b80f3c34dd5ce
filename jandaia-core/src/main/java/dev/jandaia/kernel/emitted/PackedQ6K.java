package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.tensor.DType;
import java.util.Optional;

/**
 * Q6_K: sixteen d in half precision (and as many bytes to stay on cache lines), the signed bytes
 * that scale runs of 16 columns, the lower four bits, the upper two. In each half of 128 columns,
 * 64 bytes hold the lower bits of columns 0–63 and, above them, 64–127; the upper bits of columns
 * 32q + c are bits 2q of byte c of 32.
 */
final class PackedQ6K extends PackedFormat {
  private static final int STORED_HIGH = 128;
  private static final int STORED_SCALES = 192;
  private static final int STORED_SCALE = 208;
  private static final int SCALES = 64;
  private static final int LOW = SCALES + 4 * 64;
  private static final int HIGH = LOW + 2048;

  PackedQ6K() {
    super(DType.Q6_K, HIGH + 1024, new RunShape(16, RunShape.Offset.THIRTY_TWO, false));
  }

  @Override
  void constants(Assembler a) {
    a.constant(CONSTANT_A, 0x0F0F0F0F);
    a.constant(CONSTANT_B, 0x30303030);
  }

  @Override
  void pack(Assembler a) {
    // The last number of a block: read from two bytes before it, not beyond the end.
    a.vpgatherdd(RESULT, Gpr.RSI, ROW_STARTS, STORED_SCALE - 2);
    a.vpsrld(RESULT, RESULT, 16);
    a.vpmovdw(Mem.at(Gpr.RDI, 0), RESULT);
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
  void unpack(Assembler a, Gpr block, Receiver receiver) {
    a.vcvtph2ps(BLOCK_SCALES, Mem.at(block, 0));
    for (int run = 0; run < 16; run++) {
      receiver.begin(16 * run);
      int half = run / 8;
      int quarter = run % 8 / 2;
      for (int k = 0; k < 4; k++) {
        int word = run % 2 * 4 + k;
        Mem low = Mem.at(block, LOW + 64 * (half * 16 + quarter % 2 * 8 + word));
        PackedQ4K.nibbles(a, low, quarter / 2);
        PackedQ5K.moveBits(a, Mem.at(block, HIGH + 64 * (half * 8 + word)), 4 - 2 * quarter);
        a.vpandd(TEMPORARY, TEMPORARY, CONSTANT_B);
        a.vpord(RESULT, RESULT, TEMPORARY);
        receiver.codes(k, RESULT);
      }
      a.vpslld(RESULT, Mem.at(block, SCALES + run / 4 * 64), 24 - 8 * (run % 4));
      a.vpsrad(RESULT, RESULT, 24);
      a.vcvtdq2ps(RESULT, RESULT);
      a.vmulps(RESULT, RESULT, BLOCK_SCALES);
      receiver.end(RESULT, Optional.empty());
    }
  }
}
