package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.Assembler;
import dev.jandaia.machinecode.Gpr;
import dev.jandaia.machinecode.Mem;
import dev.jandaia.machinecode.Zmm;
import dev.jandaia.tensor.DType;
import java.util.Optional;

/**
 * Blocks of 32 columns with a scale and four bits each: Q4_0, where the bits are a number, and
 * IQ4_NL and MXFP4, where they choose from a table. As stored, the lower halves of sixteen bytes
 * are the first sixteen columns.
 */
final class PackedNibbles extends PackedFormat {
  private static final int STORED_BYTES = 16;

  /** What IQ4_NL's four bits stand for, and 128 more. */
  private static final int[] NON_LINEAR = {
    1, 24, 45, 63, 79, 93, 106, 118, 129, 141, 153, 166, 181, 197, 217, 241
  };

  /** Twice what MXFP4's four bits stand for (E2M1), and 128 more. */
  private static final int[] E2M1 = {
    128, 129, 130, 131, 132, 134, 136, 140, 128, 127, 126, 125, 124, 122, 120, 116
  };

  /** How the scale of a block is stored. */
  private enum Scale {
    HALF(2, 32),
    EXPONENT(1, 16);

    private final int stored;
    private final int packed;

    Scale(int stored, int packed) {
      this.stored = stored;
      this.packed = packed;
    }
  }

  private final Scale scale;
  private final int[] table;

  private PackedNibbles(DType dtype, Scale scale, int[] table, RunShape.Offset offset) {
    super(dtype, scale.packed + 256, new RunShape(32, offset, false));
    this.scale = scale;
    this.table = table;
  }

  static PackedNibbles ofType(DType dtype) {
    return switch (dtype) {
      case Q4_0 -> new PackedNibbles(dtype, Scale.HALF, new int[0], RunShape.Offset.EIGHT);
      case IQ4_NL -> new PackedNibbles(dtype, Scale.HALF, NON_LINEAR, RunShape.Offset.HALF_BYTE);
      case MXFP4 -> new PackedNibbles(dtype, Scale.EXPONENT, E2M1, RunShape.Offset.HALF_BYTE);
      default -> throw new IllegalArgumentException(dtype.toString());
    };
  }

  @Override
  void constants(Assembler a) {
    a.constant(CONSTANT_A, 0x0F0F0F0F);
    a.constant(CONSTANT_C, 0.5f);
    if (table.length > 0) {
      int start = -STORED_BYTES; // below the stack, where a function that calls none may write
      for (int i = 0; i < table.length; i += 4) {
        a.mov32(Gpr.RAX, table[i] | table[i + 1] << 8 | table[i + 2] << 16 | table[i + 3] << 24);
        a.mov32(Mem.at(Gpr.RSP, start + i), Gpr.RAX);
      }
      a.vbroadcasti32x4(CONSTANT_B, Mem.at(Gpr.RSP, start));
    }
  }

  @Override
  void pack(Assembler a) {
    a.vpgatherdd(RESULT, Gpr.RSI, ROW_STARTS, 0);
    switch (scale) {
      case HALF -> a.vpmovdw(Mem.at(Gpr.RDI, 0), RESULT);
      case EXPONENT -> a.vpmovdb(Mem.at(Gpr.RDI, 0), RESULT);
    }
    for (int k = 0; k < 4; k++) {
      copy(a, scale.stored + 4 * k, scale.packed + 64 * k);
    }
  }

  @Override
  void unpack(Assembler a, Gpr block, Receiver receiver) {
    receiver.begin(0);
    for (int k = 0; k < 4; k++) {
      a.vmovdqu32(TEMPORARY, Mem.at(block, scale.packed + 64 * k));
      a.vpandd(RESULT, TEMPORARY, CONSTANT_A);
      receiver.codes(k, lookedUp(a, RESULT));
      a.vpsrld(TEMPORARY, TEMPORARY, 4);
      a.vpandd(TEMPORARY, TEMPORARY, CONSTANT_A);
      receiver.codes(k + 4, lookedUp(a, TEMPORARY));
    }
    scales(a, block);
    receiver.end(RESULT, Optional.empty());
  }

  private Zmm lookedUp(Assembler a, Zmm nibbles) {
    if (table.length > 0) {
      a.vpshufb(nibbles, CONSTANT_B, nibbles);
    }
    return nibbles;
  }

  private void scales(Assembler a, Gpr block) {
    switch (scale) {
      case HALF -> a.vcvtph2ps(RESULT, Mem.at(block, 0));
      case EXPONENT -> { // 2^(e − 127) as the bits of a float, halved because the table is doubled
        a.vpmovzxbd(RESULT, Mem.at(block, 0));
        a.vpslld(RESULT, RESULT, 23);
        a.vmulps(RESULT, RESULT, CONSTANT_C);
      }
    }
  }
}
