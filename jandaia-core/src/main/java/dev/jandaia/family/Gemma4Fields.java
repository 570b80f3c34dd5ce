package dev.jandaia.family;

import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.KeyValues;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.NormedDenseAndMoe;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.RopeScaling;
import java.util.List;

/** The fields of a Gemma 4 config, as published. */
final class Gemma4Fields {
  private Gemma4Fields() {}

  static void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    GroupedQueryAttention wide = layers.attention();
    boolean keysOnly =
        layers
            .mixers(GroupedQueryAttention.class)
            .anyMatch(attention -> attention.keyValues() instanceof KeyValues.KeysOnly);
    config.sizes(spec).attention(layers.local());
    GemmaText.write(spec, config);
    config.put("global_head_dim", wide.headDim()).put("attention_k_eq_v", keysOnly);
    if (keysOnly) {
      config.put("num_global_key_value_heads", wide.numKvHeads());
    }
    HubFields ropes = config.object("rope_parameters");
    rope(ropes.object(LayerTypes.FULL), wide);
    rope(ropes.object(LayerTypes.SLIDING), layers.local());
    feedForwards(spec, config);
  }

  private static void rope(HubFields fields, GroupedQueryAttention attention) {
    if (!(attention.position() instanceof Position.Rotary rotary)) {
      return;
    }
    fields.put("rope_type", "default").put("rope_theta", rotary.theta());
    if (rotary.scaling() instanceof RopeScaling.Proportional(int pairs, double factor)) {
      int headDim = attention.headDim();
      fields
          .put("rope_type", "proportional")
          .put(
              "partial_rotary_factor",
              HubFields.shortest(
                  2.0 * pairs / headDim, part -> (int) Math.floor(part * headDim / 2) == pairs));
      if (factor != 1) {
        fields.put("factor", factor);
      }
    }
  }

  private static void feedForwards(ModelSpec spec, HubFields config) {
    List<GatedMlp> dense = spec.blocks().stream().map(block -> dense(block.feedForward())).toList();
    int size = dense.getFirst().intermediateSize();
    config
        .mlp(dense.getFirst(), "intermediate_size", "hidden_activation")
        .put("use_double_wide_mlp", dense.stream().anyMatch(mlp -> mlp.intermediateSize() != size));
    boolean sparse = spec.blocks().getFirst().feedForward() instanceof NormedDenseAndMoe;
    config.put("enable_moe_block", sparse);
    if (spec.blocks().getFirst().feedForward()
        instanceof NormedDenseAndMoe(_, MixtureOfExperts experts, _)) {
      config
          .put("num_experts", experts.numExperts())
          .put("top_k_experts", experts.router().topK())
          .put("moe_intermediate_size", experts.expert().intermediateSize());
    }
  }

  private static GatedMlp dense(FeedForward feedForward) {
    return switch (feedForward) {
      case GatedMlp mlp -> mlp;
      case NormedDenseAndMoe both -> both.dense();
      default -> throw new IllegalArgumentException("no dense network in " + feedForward);
    };
  }
}
