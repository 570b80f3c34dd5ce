package dev.jandaia.family;

import java.util.List;
import java.util.Map;

/**
 * The config.json of MiniMax-Text-01 and M1 as their authors wrote it, in the spelling that {@link
 * MiniMax} reads.
 */
final class MiniMaxText01 {
  private static final Map<String, String> FACTORS =
      Map.of(
          "layernorm_full_attention", "full_attn",
          "layernorm_linear_attention", "linear_attn",
          "layernorm_mlp", "mlp");

  private MiniMaxText01() {}

  static Config respelt(Config published) {
    published.requireFlag("postnorm", true);
    published.requireNumber("shared_intermediate_size", 0);
    Config config = published.with("layer_types", types(published));
    for (Map.Entry<String, String> factor : FACTORS.entrySet()) {
      for (String weight : List.of("_alpha", "_beta")) {
        String field = factor.getKey() + weight;
        config = config.with(factor.getValue() + weight + "_factor", config.number(field, 1));
      }
    }
    // Only the leading part of a head turns.
    int headDim = config.positive("head_dim");
    double part = (double) config.integer("rotary_dim", headDim) / headDim;
    return config.with("partial_rotary_factor", part);
  }

  /** {@code attn_type_list}: 0 for lightning attention, 1 for softmax. */
  private static List<String> types(Config config) {
    List<Integer> types =
        config
            .integers("attn_type_list")
            .orElseThrow(() -> config.bad("attn_type_list", "a list of 0 and 1"));
    if (!List.of(0, 1).containsAll(types) || types.size() != config.positive("num_hidden_layers")) {
      throw config.bad("attn_type_list", "0 or 1 for each layer");
    }
    return types.stream().map(type -> type == 0 ? HybridLayers.LINEAR : LayerTypes.FULL).toList();
  }
}
