package dev.jandaia.cli;

import dev.jandaia.atlas.text.Amounts;
import dev.jandaia.checkpoint.WeightSource;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterCount;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Tensor;
import java.util.EnumMap;
import java.util.Map;

/**
 * How a model is stored.
 *
 * @param family as the spec names it
 * @param parameters learned, in total
 * @param bytes of all tensors
 * @param type the element type that most of the bytes have
 */
record StoredModel(String family, long parameters, long bytes, DType type) {

  static StoredModel of(ModelSpec spec, WeightSource source) {
    Map<DType, Long> bytes = new EnumMap<>(DType.class);
    for (Tensor tensor : source.tensors().values()) {
      bytes.merge(tensor.dtype(), tensor.data().byteSize(), Long::sum);
    }
    DType most =
        bytes.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(DType.F32);
    long total = bytes.values().stream().mapToLong(Long::longValue).sum();
    return new StoredModel(spec.family(), ParameterCount.of(spec).total(), total, most);
  }

  /** For instance {@code llama 1.24B Q8_0}. */
  String name() {
    return family + " " + Amounts.count(parameters) + " " + type;
  }
}
