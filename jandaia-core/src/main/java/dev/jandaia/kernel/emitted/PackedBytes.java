package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.tensor.DType;
import java.util.Optional;

/** Q8_0: sixteen half-precision scales, then 32 columns of bytes, shifted by 128 to be unsigned. */
final class PackedBytes extends PackedFormat {
  private static final int CODES = 32;
  private static final int STORED_CODES = 2;

  PackedBytes() {
    super(DType.Q8_0, CODES + 512, new RunShape(32, RunShape.Offset.HALF_BYTE, false));
  }

  @Override
  void constants(Assembler a) {
    a.constant(CONSTANT_A, 0x80808080);
  }

  @Override
  void pack(Assembler a) {
    copyHalf(a, 0, 0);
    for (int k = 0; k < 8; k++) {
      a.vpgatherdd(RESULT, Gpr.RSI, ROW_STARTS, STORED_CODES + 4 * k);
      a.vpxord(RESULT, RESULT, CONSTANT_A);
      a.vmovdqu32(Mem.at(Gpr.RDI, CODES + 64 * k), RESULT);
    }
  }

  @Override
  void unpack(Assembler a, Gpr block, Receiver receiver) {
    receiver.begin(0);
    for (int k = 0; k < 8; k++) {
      a.vmovdqu32(RESULT, Mem.at(block, CODES + 64 * k));
      receiver.codes(k, RESULT);
    }
    a.vcvtph2ps(RESULT, Mem.at(block, 0));
    receiver.end(RESULT, Optional.empty());
  }
}
