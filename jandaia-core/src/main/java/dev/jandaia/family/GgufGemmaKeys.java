package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Gating;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.KeyValues;
import dev.jandaia.spec.LayerEmbedding;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.NormedDenseAndMoe;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Residual;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The metadata that GGUF architectures gemma3n and gemma4 have beside those of others. */
final class GgufGemmaKeys {
  private final Map<String, Object> metadata = new LinkedHashMap<>();
  private final ModelSpec spec;
  private final SpecLayers layers;
  private final String architecture;

  private GgufGemmaKeys(ModelSpec spec, String architecture) {
    this.spec = spec;
    this.layers = new SpecLayers(spec);
    this.architecture = architecture;
  }

  static Map<String, Object> of(ModelSpec spec, String architecture) {
    GgufGemmaKeys keys = new GgufGemmaKeys(spec, architecture);
    keys.sharing();
    keys.put("feed_forward_length", keys.sizes());
    if (keys.layers.local().position() instanceof Position.Rotary rotary) {
      keys.put("rope.freq_base_swa", rotary.theta());
    }
    keys.layerInputs();
    if (architecture.equals("gemma4")) {
      keys.heads();
    } else {
      keys.streams();
    }
    return keys.metadata;
  }

  private void sharing() {
    long shared =
        layers
            .mixers(GroupedQueryAttention.class)
            .filter(attention -> attention.keyValues() instanceof KeyValues.OfLayer)
            .count();
    put("attention.shared_kv_layers", shared);
  }

  private void layerInputs() {
    long size = spec.embedding().layers().map(LayerEmbedding::size).orElse(0);
    put("embedding_length_per_layer_input", size);
    spec.embedding()
        .layers()
        .filter(own -> own.vocabSize() < spec.vocabSize())
        .ifPresent(own -> put(GgufGemmaLayers.LAYER_VOCABULARY, (long) own.vocabSize()));
  }

  /** Heads of layers with a window differ from those of the others in size and number. */
  private void heads() {
    GroupedQueryAttention local = layers.local();
    put("attention.key_length_swa", (long) local.headDim());
    put("attention.value_length_swa", (long) local.headDim());
    if (local.position() instanceof Position.Rotary rotary) {
      put("rope.dimension_count_swa", (long) rotary.rotaryDim());
    }
    long[] keyHeads =
        layers
            .mixers(GroupedQueryAttention.class)
            .mapToLong(GroupedQueryAttention::numKvHeads)
            .toArray();
    put("attention.head_count_kv", keyHeads);
  }

  private void streams() {
    if (spec.blocks().getFirst().residual() instanceof Residual.AltUp altUp) {
      put("altup.num_inputs", (long) altUp.streams());
      put("altup.active_idx", (long) altUp.active());
    }
    put(
        "activation_sparsity_scale",
        layers
            .feedForwards(GatedMlp.class)
            .map(GatedMlp::gating)
            .mapToDouble(gating ->
                gating instanceof Gating.GaussianSparse(_, double sparsity) ? sparsity : 0)
            .map(GaussianShare::deviations)
            .toArray());
  }

  /** One width where all layers have the same, else one for each. */
  private Object sizes() {
    List<Integer> sizes =
        spec.blocks().stream().map(BlockSpec::feedForward).map(GgufGemmaKeys::size).toList();
    return sizes.stream().distinct().count() == 1
        ? (Object) (long) sizes.getFirst()
        : sizes.stream().mapToLong(Integer::longValue).toArray();
  }

  private static int size(FeedForward feedForward) {
    return switch (feedForward) {
      case GatedMlp mlp -> mlp.intermediateSize();
      case NormedDenseAndMoe both -> both.dense().intermediateSize();
      default -> throw new IllegalArgumentException("no dense network in " + feedForward);
    };
  }

  private void put(String key, Object value) {
    metadata.put(architecture + "." + key, value);
  }
}
