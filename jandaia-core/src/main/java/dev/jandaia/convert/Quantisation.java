package dev.jandaia.convert;

import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.block.BlockCodec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which type each tensor of a file gets: the one asked for where it fits.
 *
 * <ul>
 *   <li>Vectors, routers of experts and learned positions are small and touchy: they stay F32.
 *   <li>A type in blocks of 256 gives way to a similar one in blocks of 32 where rows are not whole
 *       blocks: Q2_K, Q3_K and the types of two bits or less to Q4_0, Q4_K and IQ4_XS to Q5_0, Q5_K
 *       to Q5_1, Q6_K to Q8_0.
 *   <li>Rows that are not whole blocks of 32 either become F16.
 * </ul>
 *
 * @param type the type asked for
 */
public record Quantisation(DType type) {
  private static final Map<DType, DType> NARROWER =
      Map.ofEntries(
          Map.entry(DType.Q2_K, DType.Q4_0),
          Map.entry(DType.Q3_K, DType.Q4_0),
          Map.entry(DType.TQ1_0, DType.Q4_0),
          Map.entry(DType.TQ2_0, DType.Q4_0),
          Map.entry(DType.Q4_K, DType.Q5_0),
          Map.entry(DType.IQ4_XS, DType.Q5_0),
          Map.entry(DType.Q5_K, DType.Q5_1),
          Map.entry(DType.Q6_K, DType.Q8_0));

  /** What other programs call a file whose matrices mostly have this type. */
  private static final Map<DType, Integer> FILE_TYPES =
      Map.ofEntries(
          Map.entry(DType.F32, 0),
          Map.entry(DType.F16, 1),
          Map.entry(DType.Q4_0, 2),
          Map.entry(DType.Q4_1, 3),
          Map.entry(DType.Q8_0, 7),
          Map.entry(DType.Q5_0, 8),
          Map.entry(DType.Q5_1, 9),
          Map.entry(DType.Q2_K, 10),
          Map.entry(DType.Q3_K, 11),
          Map.entry(DType.Q4_K, 14),
          Map.entry(DType.Q5_K, 16),
          Map.entry(DType.Q6_K, 18),
          Map.entry(DType.IQ4_NL, 25),
          Map.entry(DType.IQ4_XS, 30),
          Map.entry(DType.BF16, 32),
          Map.entry(DType.TQ1_0, 36),
          Map.entry(DType.TQ2_0, 37),
          Map.entry(DType.MXFP4, 38));

  public Quantisation {
    if (!isPossible(type)) {
      throw new JandaiaException(
          "type %s: expected one of %s"
              .formatted(
                  type, types().stream().map(DType::name).collect(Collectors.joining(", "))));
    }
  }

  /** Every type that can be asked for. */
  public static List<DType> types() {
    return Arrays.stream(DType.values()).filter(Quantisation::isPossible).toList();
  }

  private static boolean isPossible(DType type) {
    return FILE_TYPES.containsKey(type) && BlockCodec.of(type).canEncode();
  }

  /** The type of one tensor; {@code name} is its name in GGUF files. */
  DType typeOf(String name, Shape shape) {
    if (shape.rank() < 2
        || name.endsWith(".bias")
        || name.matches(".*\\.ssm_(a|conv1d.*)")
        || name.endsWith("ffn_gate_inp_shexp.weight")
        || name.endsWith("ffn_gate_inp.weight")
        || name.equals("position_embd.weight")) {
      return DType.F32;
    }
    if (fits(type, shape)) {
      return type;
    }
    DType narrower = NARROWER.getOrDefault(type, type);
    return fits(narrower, shape) ? narrower : DType.F16;
  }

  /** Whether a tensor gets another type only because of its size. */
  boolean isForced(DType chosen, Shape shape) {
    return chosen != type && !fits(type, shape) && shape.rank() >= 2;
  }

  private static boolean fits(DType type, Shape shape) {
    return shape.dim(-1) % type.blockSize() == 0;
  }

  /** {@code general.file_type}. */
  int fileType() {
    return FILE_TYPES.get(type);
  }
}
