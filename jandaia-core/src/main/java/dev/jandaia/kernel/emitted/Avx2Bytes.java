package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.tensor.DType;

/** Q8_0: sixteen half-precision scales, then 32 columns of signed bytes. */
final class Avx2Bytes extends Avx2RunFormat {
  private static final int CODES = 32;
  private static final int STORED_CODES = 2;

  Avx2Bytes() {
    super(
        DType.Q8_0,
        CODES + 512,
        new RunShape(32, RunShape.Offset.NONE, false, Avx2Codes.SIGNED.unpackedBytes()),
        Avx2Codes.SIGNED);
  }

  @Override
  void constants(Avx2Assembler a) {}

  @Override
  void packRow(Avx2Assembler a) {
    copyHalf(a, 0, 0);
    for (int k = 0; k < 8; k++) {
      copy(a, STORED_CODES + 4 * k, CODES + 64 * k);
    }
  }

  @Override
  void unpack(Avx2Assembler a, Gpr block, int half, Receiver receiver) {
    receiver.begin();
    for (int k = 0; k < 8; k++) {
      a.vmovdqu(RESULT, Mem.at(block, CODES + 64 * k + HALF * half));
      receiver.codes(k, RESULT);
    }
    a.vcvtph2ps(RESULT, Mem.at(block, HALF / 2 * half));
    receiver.end(RESULT);
  }
}
