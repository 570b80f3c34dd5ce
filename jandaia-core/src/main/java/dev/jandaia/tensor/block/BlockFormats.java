package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import java.util.EnumMap;
import java.util.Map;

/**
 * Every format by its type, made when it is first asked for: reading the grids of all takes 25
 * milliseconds.
 */
final class BlockFormats {
  private static final Map<DType, BlockFormat> FORMATS = new EnumMap<>(DType.class);

  private BlockFormats() {}

  static synchronized BlockCodec of(DType dtype) {
    return FORMATS.computeIfAbsent(dtype, BlockFormats::make);
  }

  private static BlockFormat make(DType dtype) {
    return switch (dtype) {
      case F64 -> new Float64();
      case F32 -> new Float32();
      case F16 -> new Float16();
      case BF16 -> new BFloat16();
      case F8_E4M3 -> new Float8E4M3();
      case F8_E5M2 -> new Float8E5M2();
      case Q4_0 -> new Q40();
      case Q4_1 -> new Q41();
      case Q5_0 -> new Q50();
      case Q5_1 -> new Q51();
      case Q8_0 -> new Q80();
      case Q2_K -> new Q2K();
      case Q3_K -> new Q3K();
      case Q4_K -> new Q4K();
      case Q5_K -> new Q5K();
      case Q6_K -> new Q6K();
      case IQ1_S -> new IQ1S();
      case IQ1_M -> new IQ1M();
      case IQ2_XXS -> new IQ2XXS();
      case IQ2_XS -> new IQ2XS();
      case IQ2_S -> new IQ2S();
      case IQ3_XXS -> new IQ3XXS();
      case IQ3_S -> new IQ3S();
      case IQ4_NL -> new IQ4NL();
      case IQ4_XS -> new IQ4XS();
      case TQ1_0 -> new TQ10();
      case TQ2_0 -> new TQ20();
      case MXFP4 -> new MXFP4();
      case NVFP4 -> new NVFP4();
      case I64, I32, I16, I8, U8, BOOL ->
          throw new JandaiaException("expected a floating-point or quantised type, found " + dtype);
    };
  }
}
