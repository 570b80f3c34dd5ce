package dev.jandaia.family;

import dev.jandaia.spec.Activation;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Gating;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Router;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The experts of DeepSeek-V4's layers: the best by score ({@code moe}), or those that a table has
 * for the token ({@code hash_moe}).
 *
 * @param types of all layers
 */
record DeepseekV4Experts(Config config, List<String> types) {
  private static final String BEST = "moe";
  private static final String BY_TOKEN = "hash_moe";

  static DeepseekV4Experts read(Config config) {
    config.requireFlag("mlp_bias", false);
    config.requireFlag("norm_topk_prob", true);
    config.requireNumber("n_shared_experts", 1);
    config.requireText("topk_method", "noaux_tc");
    config.requireText("scoring_func", "sqrtsoftplus", "sigmoid");
    int layers = config.positive("num_hidden_layers");
    int looked = config.integer("num_hash_layers", 3);
    List<String> types =
        config
            .texts("mlp_layer_types")
            .orElseGet(() ->
                IntStream.range(0, layers).mapToObj(i -> i < looked ? BY_TOKEN : BEST).toList());
    if (types.size() != layers || !List.of(BEST, BY_TOKEN).containsAll(types)) {
      throw config.bad(
          "mlp_layer_types", "%d values, each %s or %s".formatted(layers, BEST, BY_TOKEN));
    }
    return new DeepseekV4Experts(config, types);
  }

  MixtureOfExperts layer(int index) {
    return layer(types.get(index));
  }

  /** Those of modules for multi-token prediction. */
  MixtureOfExperts prediction() {
    return layer(BEST);
  }

  private MixtureOfExperts layer(String type) {
    GatedMlp expert =
        new GatedMlp(
            config.positive("moe_intermediate_size"),
            new Gating.Bounded(
                Activations.read(config, "hidden_act"), config.number("swiglu_limit")),
            false);
    boolean byToken = type.equals(BY_TOKEN);
    return new MixtureOfExperts(
        config.positive("n_routed_experts"),
        byToken
            ? router(false).withTokenTable(new Router.TokenTable(config.positive("vocab_size")))
            : router(true),
        expert,
        Optional.of(expert));
  }

  static void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    MixtureOfExperts experts = layers.experts();
    Router router = experts.router();
    config
        .put("moe_intermediate_size", experts.expert().intermediateSize())
        .put("n_routed_experts", experts.numExperts())
        .put("n_shared_experts", experts.shared().isPresent() ? 1 : 0)
        .put("num_experts_per_tok", router.topK())
        .put("norm_topk_prob", router.renormalise())
        .put("routed_scaling_factor", router.scale())
        .put(
            "scoring_func", router.scoring() == Router.Scoring.SIGMOID ? "sigmoid" : "sqrtsoftplus")
        .putTexts(
            "mlp_layer_types",
            layers
                .feedForwards(MixtureOfExperts.class)
                .map(moe -> moe.router().tokenTable().isPresent() ? BY_TOKEN : BEST)
                .toList());
    if (experts.expert().gating() instanceof Gating.Bounded(Activation activation, double limit)) {
      config.put("hidden_act", Activations.name(activation)).put("swiglu_limit", limit);
    }
  }

  private Router router(boolean balanced) {
    return new Router(
        config.positive("num_experts_per_tok"),
        config.text("scoring_func").equals("sigmoid")
            ? Router.Scoring.SIGMOID
            : Router.Scoring.SQRT_SOFTPLUS,
        false,
        balanced,
        Router.Groups.NONE,
        true,
        config.number("routed_scaling_factor"));
  }
}
