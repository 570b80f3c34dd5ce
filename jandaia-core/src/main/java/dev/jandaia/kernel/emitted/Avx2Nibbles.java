package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.Ymm;
import dev.jandaia.tensor.DType;

/**
 * Blocks of 32 columns with a scale and four bits each: Q4_0, where the bits are a number, and
 * IQ4_NL and MXFP4, where they choose from a table. As stored, the lower halves of sixteen bytes
 * are the first sixteen columns.
 */
final class Avx2Nibbles extends Avx2RunFormat {
  private static final int STORED_BYTES = 16;
  private static final int CODES = 32;

  /** One half: of use where there are no minima. */
  private static final Ymm ONE_HALF = MINIMA;

  /** What IQ4_NL's four bits stand for. */
  private static final int[] NON_LINEAR = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  /** Twice what MXFP4's four bits stand for (E2M1). */
  private static final int[] E2M1 = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

  private final int[] table;

  private Avx2Nibbles(DType dtype, RunShape.Offset offset, Avx2Codes codes, int... table) {
    super(dtype, CODES + 256, new RunShape(32, offset, false, codes.unpackedBytes()), codes);
    this.table = table;
  }

  static Avx2Nibbles ofType(DType dtype) {
    return switch (dtype) {
      case Q4_0 -> new Avx2Nibbles(dtype, RunShape.Offset.EIGHT, Avx2Codes.FOUR_BITS);
      case IQ4_NL -> new Avx2Nibbles(dtype, RunShape.Offset.NONE, Avx2Codes.SIGNED, NON_LINEAR);
      case MXFP4 -> new Avx2Nibbles(dtype, RunShape.Offset.NONE, Avx2Codes.SIGNED, E2M1);
      default -> throw new IllegalArgumentException(dtype.toString());
    };
  }

  @Override
  void constants(Avx2Assembler a) {
    a.constant(CONSTANT_A, 0x0F0F0F0F);
    a.constant(ONE_HALF, 0.5f);
    if (table.length > 0) {
      int start = -STORED_BYTES; // below the stack, where a function that calls none may write
      for (int i = 0; i < table.length; i += 4) {
        a.mov32(Gpr.RAX, word(table, i));
        a.mov32(Mem.at(Gpr.RSP, start + i), Gpr.RAX);
      }
      a.vbroadcasti128(CONSTANT_B, Mem.at(Gpr.RSP, start));
    }
  }

  private static int word(int[] bytes, int i) {
    return bytes[i] & 255
        | (bytes[i + 1] & 255) << 8
        | (bytes[i + 2] & 255) << 16
        | bytes[i + 3] << 24;
  }

  @Override
  void packRow(Avx2Assembler a) {
    copyHalf(a, 0, 0);
    for (int k = 0; k < 4; k++) {
      copy(a, dtype.blockBytes() - STORED_BYTES + 4 * k, CODES + 64 * k);
    }
  }

  @Override
  void unpack(Avx2Assembler a, Gpr block, int half, Receiver receiver) {
    receiver.begin();
    for (int k = 0; k < 4; k++) {
      Mem bytes = Mem.at(block, CODES + 64 * k + HALF * half);
      a.vpand(RESULT, CONSTANT_A, bytes);
      code(a, k, receiver);
      a.vmovdqu(RESULT, bytes);
      a.vpsrlw(RESULT, RESULT, 4);
      a.vpand(RESULT, RESULT, CONSTANT_A);
      code(a, k + 4, receiver);
    }
    scales(a, Mem.at(block, HALF / 2 * half));
    receiver.end(RESULT);
  }

  private void code(Avx2Assembler a, int k, Receiver receiver) {
    if (table.length > 0) {
      a.vpshufb(RESULT, CONSTANT_B, RESULT);
    }
    receiver.codes(k, RESULT);
  }

  private void scales(Avx2Assembler a, Mem stored) {
    if (dtype != DType.MXFP4) {
      a.vcvtph2ps(RESULT, stored);
      return;
    }
    // 2^(e − 127) as the bits of a float, halved because the table is doubled. The exponent is the
    // lower of the two bytes that were copied.
    a.vpmovzxwd(RESULT, stored);
    a.vpslld(RESULT, RESULT, 24);
    a.vpsrld(RESULT, RESULT, 1);
    a.vmulps(RESULT, RESULT, ONE_HALF);
  }
}
