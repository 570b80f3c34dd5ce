package dev.jandaia.family;

import dev.jandaia.spec.CompressedAttention;
import dev.jandaia.spec.Compression;
import dev.jandaia.spec.Indexer;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Position.Pairing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The attention of DeepSeek-V4's layers: a window alone ({@code sliding_attention}), with an entry
 * for every few tokens among which an indexer chooses (CSA, {@code compressed_sparse_attention}),
 * or with an entry for every many, all of them seen (HCA, {@code heavily_compressed_attention}).
 * YaRN, where there is any, belongs to the layers with entries.
 *
 * @param types of all layers
 * @param ropeDim elements of a head that turn, the last ones
 */
record DeepseekV4Attention(Config config, List<String> types, int ropeDim) {
  private static final String SPARSE = "compressed_sparse_attention";
  private static final String HEAVY = "heavily_compressed_attention";

  /** {@code compress_ratios} of the published files. */
  private static final Map<Integer, String> TYPES_BY_RATIO =
      Map.of(0, LayerTypes.SLIDING, 4, SPARSE, 128, HEAVY);

  static DeepseekV4Attention read(Config config) {
    config.requireFlag("attention_bias", false);
    config.requireFlag("rope_interleave", true);
    config.requireNumber("num_key_value_heads", 1);
    double part = config.number("partial_rotary_factor", 64.0 / 512);
    int ropeDim = config.integer("qk_rope_head_dim", (int) (config.integer("head_dim") * part));
    return new DeepseekV4Attention(config, types(config), ropeDim);
  }

  private static List<String> types(Config config) {
    int layers = config.positive("num_hidden_layers");
    Optional<List<String>> given = config.texts("layer_types");
    List<String> types =
        given.isPresent()
            ? given.get()
            : config
                .integers("compress_ratios")
                .map(ratios -> byRatio(config, ratios))
                .orElseGet(() -> IntStream.range(0, layers).mapToObj(i -> usual(i)).toList());
    if (types.size() < layers || !List.of(LayerTypes.SLIDING, SPARSE, HEAVY).containsAll(types)) {
      throw config.bad(
          given.isPresent() ? "layer_types" : "compress_ratios",
          "%d values, each %s, %s or %s".formatted(layers, LayerTypes.SLIDING, SPARSE, HEAVY));
    }
    return types;
  }

  /** Ratios beyond the last layer are those of modules for multi-token prediction. */
  private static List<String> byRatio(Config config, List<Integer> ratios) {
    if (!TYPES_BY_RATIO.keySet().containsAll(ratios)) {
      throw config.bad("compress_ratios", "0, 4 or 128 for each layer");
    }
    return ratios.stream().map(TYPES_BY_RATIO::get).toList();
  }

  private static String usual(int layer) {
    return layer < 2 || layer % 2 == 0 ? HEAVY : SPARSE;
  }

  CompressedAttention layer(int index) {
    return layer(types.get(index));
  }

  /** That of modules for multi-token prediction: a window alone, unless there are more ratios. */
  CompressedAttention prediction() {
    int layers = config.positive("num_hidden_layers");
    return layer(types.size() > layers ? types.get(layers) : LayerTypes.SLIDING);
  }

  private CompressedAttention layer(String type) {
    double epsilon = config.number("rms_norm_eps");
    int headDim = config.integer("head_dim");
    boolean alone = type.equals(LayerTypes.SLIDING);
    Position position =
        alone
            ? rotary(Rope.of(config, "main", "rope_theta"))
            : rotary(Rope.stretched(config, "compress", "compress_rope_theta"));
    return new CompressedAttention(
        config.positive("num_attention_heads"),
        headDim,
        config.positive("q_lora_rank"),
        Norm.Rms.of(epsilon),
        new Norm.Rms(epsilon, Norm.Gain.NONE),
        position,
        config.positive("sliding_window"),
        1 / Math.sqrt(headDim),
        config.positive("o_groups"),
        config.positive("o_lora_rank"),
        alone ? Optional.empty() : Optional.of(compression(type, Norm.Rms.of(epsilon), position)));
  }

  private Position rotary(Rope rope) {
    return rope.latentRotary(config.integer("head_dim") - ropeDim, ropeDim, Pairing.NEIGHBOURS);
  }

  private Compression compression(String type, Norm norm, Position position) {
    if (type.equals(HEAVY)) {
      int rate = rate(type, "compress_rate_hca", 128);
      return new Compression(rate, false, norm, Optional.empty(), 0);
    }
    Indexer indexer =
        new Indexer(
            config.positive("index_n_heads"), config.positive("index_head_dim"), norm, position);
    int rate = rate(type, "compress_rate_csa", 4);
    return new Compression(rate, true, norm, Optional.of(indexer), config.positive("index_topk"));
  }

  static void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    CompressedAttention attention = layers.mixer(CompressedAttention.class);
    config
        .put("num_attention_heads", attention.numHeads())
        .put("num_key_value_heads", 1)
        .put("head_dim", attention.headDim())
        .put("q_lora_rank", attention.queryRank())
        .put("sliding_window", attention.window())
        .put("o_groups", attention.outputGroups())
        .put("o_lora_rank", attention.outputRank())
        .putTexts(
            "layer_types", layers.mixers(CompressedAttention.class).map(a -> type(a)).toList());
    layers.mixers(CompressedAttention.class).forEach(layer -> writeLayer(layer, config));
  }

  private static String type(CompressedAttention attention) {
    return attention
        .compression()
        .map(compression -> compression.indexer().isPresent() ? SPARSE : HEAVY)
        .orElse(LayerTypes.SLIDING);
  }

  private static void writeLayer(CompressedAttention attention, HubFields config) {
    boolean alone = attention.compression().isEmpty();
    if (attention.position() instanceof Position.Rotary rotary) {
      config
          .put("qk_rope_head_dim", rotary.rotaryDim())
          .put("partial_rotary_factor", RopeFields.part(rotary.rotaryDim(), attention.headDim()));
      if (alone) {
        config.put("rope_theta", rotary.theta());
      } else {
        config.put("compress_rope_theta", rotary.theta());
        RopeFields.scaling(config, rotary.scaling());
      }
    }
    attention
        .compression()
        .ifPresent(compression -> {
          config.object("compress_rates").put(type(attention), compression.rate());
          compression
              .indexer()
              .ifPresent(indexer ->
                  config
                      .put("index_n_heads", indexer.numHeads())
                      .put("index_head_dim", indexer.headDim())
                      .put("index_topk", compression.topK()));
        });
  }

  /** An older field, where it is there, wins. */
  private int rate(String type, String oldField, int otherwise) {
    return config.has(oldField)
        ? config.integer(oldField)
        : config
            .object("compress_rates")
            .map(rates -> rates.integer(type, otherwise))
            .orElse(otherwise);
  }
}
