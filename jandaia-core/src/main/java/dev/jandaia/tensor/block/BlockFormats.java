package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Every format by its type. */
final class BlockFormats {
  private static final Map<DType, BlockFormat> FORMATS = new EnumMap<>(DType.class);

  static {
    List<BlockFormat> plain =
        List.of(
            new Float64(),
            new Float32(),
            new Float16(),
            new BFloat16(),
            new Float8E4M3(),
            new Float8E5M2());
    List<BlockFormat> simple = List.of(new Q40(), new Q41(), new Q50(), new Q51(), new Q80());
    List<BlockFormat> superBlocks =
        List.of(new Q2K(), new Q3K(), new Q4K(), new Q5K(), new Q6K(), new TQ10(), new TQ20());
    List<BlockFormat> tables = List.of(new IQ4NL(), new IQ4XS(), new MXFP4(), new NVFP4());
    List<BlockFormat> grids =
        List.of(
            new IQ1S(),
            new IQ1M(),
            new IQ2XXS(),
            new IQ2XS(),
            new IQ2S(),
            new IQ3XXS(),
            new IQ3S());
    for (List<BlockFormat> formats : List.of(plain, simple, superBlocks, tables, grids)) {
      formats.forEach(format -> FORMATS.put(format.dtype(), format));
    }
  }

  private BlockFormats() {}

  static BlockCodec of(DType dtype) {
    BlockFormat format = FORMATS.get(dtype);
    if (format == null) {
      throw new JandaiaException("expected a floating-point or quantised type, found " + dtype);
    }
    return format;
  }
}
