package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Avx2Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.Ymm;
import dev.jandaia.tensor.DType;
import java.util.Optional;

/**
 * Q6_K: sixteen d in half precision, the signed bytes that scale runs of 16 columns, then the
 * codes. Of the four codes that three stored bytes hold, packed bytes have one each in their lower
 * six bits, and two bits of the fourth above: that one alone must be put together.
 */
final class Avx2Q6K extends Avx2SuperFormat {
  private static final int STORED_HIGH = 128;
  private static final int STORED_SCALES = 192;
  private static final int STORED_SCALE = 208;
  private static final int SCALES = 64;
  private static final int CODES = SCALES + 4 * 64;

  // While packing.
  private static final Ymm FOUR_BITS = new Ymm(4);
  private static final Ymm TWO_BITS = new Ymm(5);

  Avx2Q6K() {
    super(
        DType.Q6_K,
        CODES + 3072,
        new RunShape(16, RunShape.Offset.THIRTY_TWO, false),
        Avx2Codes.SIX_BITS);
  }

  @Override
  void constants(Avx2Assembler a) {
    a.constant(CONSTANT_A, 0x3F3F3F3F);
    a.constant(CONSTANT_B, 0xC0C0C0C0);
  }

  @Override
  void packRow(Avx2Assembler a) {
    copyHalf(a, STORED_SCALE, 0);
    for (int i = 0; i < 4; i++) {
      copy(a, STORED_SCALES + 4 * i, SCALES + 64 * i);
    }
    for (int i = 0; i < 32; i++) {
      copy(a, 4 * i, CODES + 64 * i);
    }
    for (int i = 0; i < 16; i++) {
      copy(a, STORED_HIGH + 4 * i, CODES + 2048 + 64 * i);
    }
  }

  @Override
  void packBlock(Avx2Assembler a) {
    a.constant(FOUR_BITS, 0x0F0F0F0F);
    a.constant(TWO_BITS, 0x30303030);
    constants(a);
    for (int half = 0; half < 2; half++) {
      for (int side = 0; side < 2; side++) {
        for (int word = 0; word < 8; word++) {
          packFourCodes(a, half, side, word);
        }
      }
    }
  }

  /** Where the first of three bytes lies, the second or the third. */
  private static int at(int which, int half, int side, int word) {
    int register = which == 2 ? 32 + side * 8 + word : side * 16 + which * 8 + word;
    return CODES + 64 * register + HALF * half;
  }

  /** From: lower four bits of codes 0 and 2, of 1 and 3, upper two bits of all. */
  private static void packFourCodes(Avx2Assembler a, int half, int side, int word) {
    Mem[] bytes = new Mem[3];
    for (int which = 0; which < 3; which++) {
      bytes[which] = Mem.at(Gpr.RDI, at(which, half, side, word));
    }
    Ymm[] codes = {new Ymm(0), new Ymm(1), new Ymm(2), new Ymm(3)};
    for (int i = 0; i < 4; i++) {
      a.vmovdqu(codes[i], bytes[i % 2]);
      if (i >= 2) {
        a.vpsrlw(codes[i], codes[i], 4);
      }
      a.vpand(codes[i], codes[i], FOUR_BITS);
      a.vmovdqu(TEMPORARY, bytes[2]);
      shiftLeft(a, TEMPORARY, 4 - 2 * i);
      a.vpand(TEMPORARY, TEMPORARY, TWO_BITS);
      a.vpor(codes[i], codes[i], TEMPORARY);
    }
    for (int i = 0; i < 3; i++) {
      a.vpsllw(TEMPORARY, codes[3], 2 + 2 * i);
      a.vpand(TEMPORARY, TEMPORARY, CONSTANT_B);
      a.vpor(codes[i], codes[i], TEMPORARY);
      a.vmovdqu(bytes[i], codes[i]);
    }
  }

  @Override
  void codes(Avx2Assembler a, Gpr block, int half, int run, Codes receiver) {
    int side = run / 8;
    int which = run % 8 / 2;
    for (int k = 0; k < 4; k++) {
      int word = run % 2 * 4 + k;
      if (which < 3) {
        a.vpand(RESULT, CONSTANT_A, Mem.at(block, at(which, half, side, word)));
      } else {
        lastCode(a, block, half, side, word);
      }
      receiver.codes(k, RESULT);
    }
  }

  /** The code of which each of three bytes has two bits. */
  private static void lastCode(Avx2Assembler a, Gpr block, int half, int side, int word) {
    a.vpand(RESULT, CONSTANT_B, Mem.at(block, at(2, half, side, word)));
    for (int i = 1; i >= 0; i--) {
      a.vpsrlw(RESULT, RESULT, 2);
      a.vpand(TEMPORARY, CONSTANT_B, Mem.at(block, at(i, half, side, word)));
      a.vpor(RESULT, RESULT, TEMPORARY);
    }
    a.vpsrlw(RESULT, RESULT, 2);
  }

  @Override
  Mem scales(Gpr block, int half, int run) {
    return Mem.at(block, SCALES + run / RUNS_IN_LANE * 64 + HALF * half);
  }

  @Override
  Optional<Mem> minima(Gpr block, int half, int run) {
    return Optional.empty();
  }

  @Override
  boolean signedScales() {
    return true;
  }
}
