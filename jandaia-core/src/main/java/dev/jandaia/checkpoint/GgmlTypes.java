package dev.jandaia.checkpoint;

import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The numbers by which GGUF files name element types. */
final class GgmlTypes {
  private static final Map<DType, Integer> IDS = new EnumMap<>(DType.class);
  private static final Map<Integer, DType> TYPES = new HashMap<>();

  static {
    number(0, DType.F32, DType.F16, DType.Q4_0, DType.Q4_1);
    number(6, DType.Q5_0, DType.Q5_1, DType.Q8_0);
    number(10, DType.Q2_K, DType.Q3_K, DType.Q4_K, DType.Q5_K, DType.Q6_K);
    number(16, DType.IQ2_XXS, DType.IQ2_XS, DType.IQ3_XXS, DType.IQ1_S, DType.IQ4_NL);
    number(21, DType.IQ3_S, DType.IQ2_S, DType.IQ4_XS);
    number(24, DType.I8, DType.I16, DType.I32, DType.I64, DType.F64, DType.IQ1_M, DType.BF16);
    number(34, DType.TQ1_0, DType.TQ2_0);
    number(39, DType.MXFP4, DType.NVFP4);
  }

  private GgmlTypes() {}

  private static void number(int first, DType... types) {
    for (int i = 0; i < types.length; i++) {
      IDS.put(types[i], first + i);
      TYPES.put(first + i, types[i]);
    }
  }

  static Optional<DType> dtype(int id) {
    return Optional.ofNullable(TYPES.get(id));
  }

  static int id(String tensor, DType dtype) {
    Integer id = IDS.get(dtype);
    if (id == null) {
      throw new JandaiaException(
          "tensor %s: GGUF has no type for %s".formatted(Text.quote(tensor), dtype));
    }
    return id;
  }
}
