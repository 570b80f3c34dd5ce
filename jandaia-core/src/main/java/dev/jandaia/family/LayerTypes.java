package dev.jandaia.family;

import dev.jandaia.spec.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Which layers see all keys and which only a window, as config.json files tell it. */
record LayerTypes(List<String> types, Config config) {
  static final String FULL = "full_attention";
  static final String SLIDING = "sliding_attention";

  /** Reads {@code layer_types}; where it is absent {@code slides} tells by layer index. */
  static LayerTypes read(Config config, IntPredicate slides) {
    int numLayers = config.positive("num_hidden_layers");
    List<String> types =
        config
            .texts("layer_types")
            .orElseGet(() ->
                IntStream.range(0, numLayers)
                    .mapToObj(i -> slides.test(i) ? SLIDING : FULL)
                    .toList());
    if (types.size() != numLayers || !List.of(FULL, SLIDING).containsAll(types)) {
      throw config.bad(
          "layer_types", "%d values, each %s or %s".formatted(numLayers, FULL, SLIDING));
    }
    return new LayerTypes(types, config);
  }

  /** These types with that of one layer replaced. */
  LayerTypes with(int layer, String type) {
    List<String> changed = new ArrayList<>(types);
    changed.set(layer, type);
    return new LayerTypes(List.copyOf(changed), config);
  }

  String type(int layer) {
    return types.get(layer);
  }

  boolean slides(int layer) {
    return type(layer).equals(SLIDING);
  }

  /** What layer {@code layer} sees, by {@code sliding_window} if it slides. */
  Span span(int layer) {
    return slides(layer) ? new Span.Sliding(config.integer("sliding_window")) : Span.FULL;
  }
}
