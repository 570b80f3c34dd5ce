package dev.jandaia.family;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Which layers of a hybrid model are linear attention, as config.json files tell it. */
record HybridLayers(List<String> types) {
  static final String LINEAR = "linear_attention";

  /** Reads {@code layer_types}; where it is absent {@code linear} tells by layer index. */
  static HybridLayers read(Config config, IntPredicate linear) {
    int numLayers = config.positive("num_hidden_layers");
    List<String> types =
        config
            .texts("layer_types")
            .orElseGet(() ->
                IntStream.range(0, numLayers)
                    .mapToObj(i -> linear.test(i) ? LINEAR : LayerTypes.FULL)
                    .toList());
    if (types.size() != numLayers || !List.of(LayerTypes.FULL, LINEAR).containsAll(types)) {
      throw config.bad(
          "layer_types", "%d values, each %s or %s".formatted(numLayers, LayerTypes.FULL, LINEAR));
    }
    return new HybridLayers(types);
  }

  boolean isLinear(int layer) {
    return types.get(layer).equals(LINEAR);
  }
}
