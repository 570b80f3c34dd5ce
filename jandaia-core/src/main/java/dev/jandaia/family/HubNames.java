package dev.jandaia.family;

import dev.jandaia.spec.count.ParameterSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table from parameter paths to tensor names. In both, {@code #} stands for an index, and an
 * entry without the last segment ({@code weight} or {@code bias}) serves every last segment.
 */
final class HubNames {
  private static final Pattern LAYER = Pattern.compile("^model\\.layers\\.(\\d+)\\.");

  static final HubNames EMPTY = new HubNames(Map.of());

  /** Llama's names, which most later families keep. */
  static final HubNames LLAMA =
      EMPTY
          .with("embedding.tokens", "model.embed_tokens")
          .with("blocks.#.mixerNorm", "model.layers.#.input_layernorm")
          .with("blocks.#.mixer.query", "model.layers.#.self_attn.q_proj")
          .with("blocks.#.mixer.key", "model.layers.#.self_attn.k_proj")
          .with("blocks.#.mixer.value", "model.layers.#.self_attn.v_proj")
          .with("blocks.#.mixer.output", "model.layers.#.self_attn.o_proj")
          .with("blocks.#.feedForwardNorm", "model.layers.#.post_attention_layernorm")
          .with("blocks.#.feedForward.gate", "model.layers.#.mlp.gate_proj")
          .with("blocks.#.feedForward.up", "model.layers.#.mlp.up_proj")
          .with("blocks.#.feedForward.down", "model.layers.#.mlp.down_proj")
          .with("finalNorm", "model.norm")
          .with("head", "lm_head");

  private final Map<String, String> table;

  private HubNames(Map<String, String> table) {
    this.table = table;
  }

  /** This table with one entry added or replaced. */
  HubNames with(String path, String name) {
    Map<String, String> extended = new LinkedHashMap<>(table);
    extended.put(path, name);
    return new HubNames(extended);
  }

  /** This table with names of queries' and keys' own norms. */
  HubNames withQueryKeyNorms() {
    return with("blocks.#.mixer.queryNorm", "model.layers.#.self_attn.q_norm")
        .with("blocks.#.mixer.keyNorm", "model.layers.#.self_attn.k_norm");
  }

  /** This table with names of routed experts below {@code mlp}. */
  HubNames withExperts() {
    return with("blocks.#.feedForward.router", "model.layers.#.mlp.gate")
        .with("blocks.#.feedForward.experts.#.gate", "model.layers.#.mlp.experts.#.gate_proj")
        .with("blocks.#.feedForward.experts.#.up", "model.layers.#.mlp.experts.#.up_proj")
        .with("blocks.#.feedForward.experts.#.down", "model.layers.#.mlp.experts.#.down_proj");
  }

  /** This table with the norms of Gemma 2 and 3, four a layer. */
  HubNames withSandwichNorms() {
    return with("blocks.#.mixerPostNorm", "model.layers.#.post_attention_layernorm")
        .with("blocks.#.feedForwardNorm", "model.layers.#.pre_feedforward_layernorm")
        .with("blocks.#.feedForwardPostNorm", "model.layers.#.post_feedforward_layernorm");
  }

  /** This table with the vectors that Gemma 3n and 4 have for each layer. */
  HubNames withLayerInputs() {
    return with("layerEmbedding.tokens", "model.embed_tokens_per_layer")
        .with("layerEmbedding.projection", "model.per_layer_model_projection")
        .with("layerEmbedding.norm", "model.per_layer_projection_norm")
        .with("blocks.#.layerInput.gate", "model.layers.#.per_layer_input_gate")
        .with("blocks.#.layerInput.output", "model.layers.#.per_layer_projection")
        .with("blocks.#.layerInput.norm", "model.layers.#.post_per_layer_input_norm");
  }

  /** The tensor that holds a parameter; empty when the table has no entry for it. */
  Optional<String> name(String path) {
    List<String> indices = new ArrayList<>();
    List<String> segments = new ArrayList<>();
    for (String segment : path.split("\\.")) {
      boolean index = Character.isDigit(segment.charAt(0));
      segments.add(index ? "#" : segment);
      if (index) {
        indices.add(segment);
      }
    }
    String pattern = String.join(".", segments);
    String stem = String.join(".", segments.subList(0, segments.size() - 1));
    if (table.containsKey(pattern)) {
      return Optional.of(fill(table.get(pattern), indices));
    }
    return Optional.ofNullable(table.get(stem))
        .map(name -> fill(name, indices) + "." + segments.getLast());
  }

  /** The tensor that holds a parameter unchanged. */
  Optional<TensorView> locate(ParameterSpec parameter) {
    return name(parameter.path()).map(name -> TensorView.whole(name, parameter.shape()));
  }

  /** The layer a tensor belongs to; empty for tensors outside layers. */
  static Optional<Integer> layer(String tensor) {
    Matcher layer = LAYER.matcher(tensor);
    return layer.find() ? Optional.of(Integer.valueOf(layer.group(1))) : Optional.empty();
  }

  private static String fill(String name, List<String> indices) {
    for (String index : indices) {
      int at = name.indexOf('#');
      name = name.substring(0, at) + index + name.substring(at + 1);
    }
    return name;
  }
}
