package dev.jandaia.family;

import dev.jandaia.spec.Indexer;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.Span;
import dev.jandaia.spec.Temperature;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * DeepSeek Sparse Attention (2512.02556): the model of DeepSeek-V3 whose latent attention looks at
 * the keys that a lightning indexer chooses.
 */
final class DeepseekSparse {
  /** Epsilon of the norm of index keys, fixed by the published code. */
  private static final double INDEX_KEY_EPSILON = 1e-6;

  private static final String SPARSE = "indexed_attention";

  private static final HubNames NAMES =
      Deepseek.NAMES
          .with("blocks.#.mixer.indexer.query", "model.layers.#.self_attn.indexer.wq_b")
          .with("blocks.#.mixer.indexer.key", "model.layers.#.self_attn.indexer.wk")
          .with("blocks.#.mixer.indexer.keyNorm", "model.layers.#.self_attn.indexer.k_norm")
          .with(
              "blocks.#.mixer.indexer.headWeights",
              "model.layers.#.self_attn.indexer.weights_proj");

  private static final ExpertStacks STACKS = new ExpertStacks("model.layers.#.mlp.experts", false);

  private DeepseekSparse() {}

  /**
   * A model of sparse layers.
   *
   * @param pairing how indexers pair the elements they rotate
   * @param chooses whether a layer has an indexer of its own
   */
  static ModelSpec spec(String family, Config config, Pairing pairing, IntPredicate chooses) {
    config.requireText("topk_method", "noaux_tc");
    config.requireText("scoring_func", "sigmoid");
    config.requireFlag("mlp_bias", false);
    config.requireFlag("rope_interleave", true);
    config.requireFlag("indexer_rope_interleave", pairing == Pairing.NEIGHBOURS);
    List<String> types = config.texts("layer_types").orElse(List.of());
    if (!types.stream().allMatch(SPARSE::equals)) {
      throw config.bad("layer_types", SPARSE + " for every layer");
    }
    Config complete = withExpertCount(config);
    return Deepseek.spec(
        family,
        complete,
        router(complete),
        Temperature.NONE,
        layer -> span(complete, pairing, chooses.test(layer)),
        routed(complete));
  }

  /** Older spellings of the number of experts; 256 where there is none. */
  private static Config withExpertCount(Config config) {
    if (config.has("num_experts")) {
      return config.with("n_routed_experts", config.integer("num_experts"));
    }
    return config.withDefaults(
        Map.of("n_routed_experts", config.integer("num_local_experts", 256)));
  }

  private static Router router(Config config) {
    return new Router(
        config.integer("num_experts_per_tok"),
        Router.Scoring.SIGMOID,
        false,
        true,
        new Router.Groups(
            config.integer("n_group"), config.integer("topk_group"), Router.GroupScore.TOP_TWO),
        config.flag("norm_topk_prob", true),
        config.number("routed_scaling_factor"));
  }

  private static Span span(Config config, Pairing pairing, boolean chooses) {
    int ropeDim = config.integer("qk_rope_head_dim");
    Indexer indexer =
        new Indexer(
            config.integer("index_n_heads"),
            config.integer("index_head_dim"),
            new Norm.Layer(INDEX_KEY_EPSILON, true),
            Rope.of(config).latentRotary(config.integer("qk_nope_head_dim"), ropeDim, pairing));
    return new Span.Sparse(
        chooses ? Optional.of(indexer) : Optional.empty(), config.integer("index_topk"));
  }

  /** Which layers have experts: as the list tells, or all but the first few. */
  private static IntPredicate routed(Config config) {
    int layers = config.positive("num_hidden_layers");
    Optional<List<String>> types = config.texts("mlp_layer_types");
    if (types.isEmpty()) {
      int firstSparse = config.integer("first_k_dense_replace");
      return layer -> layer >= firstSparse;
    }
    boolean known = types.get().stream().allMatch(List.of("dense", "sparse")::contains);
    if (!known || types.get().size() != layers) {
      throw config.bad(
          "mlp_layer_types", "dense or sparse for each of %d layers".formatted(layers));
    }
    return layer -> types.get().get(layer).equals("sparse");
  }

  static void write(ModelSpec spec, HubFields config) {
    Deepseek.write(spec, config);
    SpecLayers layers = new SpecLayers(spec);
    config.putTexts(
        "mlp_layer_types",
        IntStream.range(0, spec.numLayers())
            .mapToObj(i -> layers.isSparse(i) ? "sparse" : "dense")
            .toList());
    if (layers.mixer(LatentAttention.class).span()
        instanceof Span.Sparse(Optional<Indexer> indexer, int topK)) {
      config.put("index_topk", topK);
      indexer.ifPresent(found ->
          config.put("index_n_heads", found.numHeads()).put("index_head_dim", found.headDim()));
    }
  }

  static Optional<TensorView> locate(ParameterSpec parameter) {
    return NAMES.locate(parameter);
  }

  /** As published, one expert a tensor, or as later versions hold them in memory. */
  static List<TensorView> candidates(ModelSpec spec, ParameterSpec parameter) {
    return Stream.of(NAMES.locate(parameter), STACKS.locate(spec, parameter))
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }

  /** Layers beyond the last are modules for multi-token prediction. */
  static boolean isPrediction(ModelSpec spec, String tensor) {
    return HubNames.layer(tensor).orElse(0) >= spec.numLayers();
  }
}
