package dev.jandaia.convert;

import dev.jandaia.family.Config;
import dev.jandaia.family.Families;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.json.SpecDiff;
import dev.jandaia.tensor.JandaiaException;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The config.json of a dense model with latent attention, as DeepSeek-V3 spells it. */
final class LatentConfig {
  static final String FAMILY = "deepseek_v3";

  /** What is not of the architecture comes along. */
  private static final List<String> KEPT =
      List.of(
          "hidden_act",
          "bos_token_id",
          "eos_token_id",
          "pad_token_id",
          "initializer_range",
          "torch_dtype",
          "dtype");

  private LatentConfig() {}

  /**
   * @param before the config of the model that was converted
   * @throws JandaiaException if the family's config cannot express the model
   */
  static ObjectNode of(ModelSpec spec, ObjectNode before, String origin) {
    LatentAttention attention = (LatentAttention) spec.blocks().getFirst().mixer();
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    config.putArray("architectures").add("DeepseekV3ForCausalLM");
    config
        .put("model_type", FAMILY)
        .put("vocab_size", spec.vocabSize())
        .put("hidden_size", spec.hiddenSize())
        .put("num_hidden_layers", spec.numLayers())
        .put("max_position_embeddings", spec.contextLength())
        .put("tie_word_embeddings", spec.head().tied())
        .put("num_attention_heads", attention.numHeads())
        .put("num_key_value_heads", attention.numHeads())
        .putNull("q_lora_rank")
        .put("kv_lora_rank", attention.kvRank())
        .put("qk_nope_head_dim", attention.nopeDim())
        .put("qk_rope_head_dim", attention.ropeDim())
        .put("v_head_dim", attention.valueDim())
        .put("attention_bias", true)
        .put("rope_interleave", true);
    if (spec.finalNorm() instanceof Norm.Rms(double epsilon, _)) {
      config.put("rms_norm_eps", epsilon);
    }
    if (spec.blocks().getFirst().feedForward() instanceof GatedMlp mlp) {
      config.put("intermediate_size", mlp.intermediateSize());
      config.put("moe_intermediate_size", mlp.intermediateSize());
    }
    noExperts(config, spec.numLayers());
    rope(config, (Position.Rotary) attention.position());
    for (String field : KEPT) {
      if (before.has(field)) {
        config.set(field, before.get(field));
      }
    }
    requireSame(spec, config, origin);
    return config;
  }

  /** All layers are dense; the smallest numbers that describe experts nobody has. */
  private static void noExperts(ObjectNode config, int layers) {
    config
        .put("first_k_dense_replace", layers)
        .put("n_routed_experts", 2)
        .put("n_shared_experts", 1)
        .put("num_experts_per_tok", 1)
        .put("n_group", 1)
        .put("topk_group", 1)
        .put("num_nextn_predict_layers", 0);
  }

  private static void rope(ObjectNode config, Position.Rotary rotary) {
    config.put("rope_theta", rotary.theta());
    if (rotary.scaling() instanceof RopeScaling.LongRope rule) {
      ObjectNode scaling = config.putObject("rope_scaling").put("rope_type", "longrope");
      rule.shortFactors().forEach(scaling.putArray("short_factor")::add);
      rule.longFactors().forEach(scaling.putArray("long_factor")::add);
      scaling
          .put("attention_factor", rule.attentionFactor())
          .put("original_max_position_embeddings", rule.originalContext());
    }
  }

  private static void requireSame(ModelSpec spec, ObjectNode config, String origin) {
    SpecDiff.first(spec, Families.spec(Config.of("config.json", config)))
        .ifPresent(difference -> {
          throw new JandaiaException(
              "%s: config.json of %s cannot express this model (asked, possible): %s"
                  .formatted(origin, FAMILY, difference));
        });
  }
}
