package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Head;
import dev.jandaia.spec.Mlp;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * GPT-2: learned positions, LayerNorm, biases everywhere. Its linear layers are stored as [inputs,
 * outputs], and queries, keys and values side by side in one of them.
 */
final class Gpt2 implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.of(
          "activation_function",
          "gelu_new",
          "layer_norm_epsilon",
          1e-5,
          "tie_word_embeddings",
          true);

  private static final HubNames NAMES =
      HubNames.EMPTY
          .with("embedding.tokens", "transformer.wte")
          .with("embedding.positions", "transformer.wpe")
          .with("blocks.#.mixerNorm", "transformer.h.#.ln_1")
          .with("blocks.#.mixer.query", "transformer.h.#.attn.c_attn")
          .with("blocks.#.mixer.key", "transformer.h.#.attn.c_attn")
          .with("blocks.#.mixer.value", "transformer.h.#.attn.c_attn")
          .with("blocks.#.mixer.output", "transformer.h.#.attn.c_proj")
          .with("blocks.#.feedForwardNorm", "transformer.h.#.ln_2")
          .with("blocks.#.feedForward.up", "transformer.h.#.mlp.c_fc")
          .with("blocks.#.feedForward.down", "transformer.h.#.mlp.c_proj")
          .with("finalNorm", "transformer.ln_f")
          .with("head", "lm_head");

  /** Order of the thirds of c_attn. */
  private static final List<String> FUSED = List.of("query", "key", "value");

  @Override
  public String name() {
    return "gpt2";
  }

  @Override
  public String architecture() {
    return "GPT2LMHeadModel";
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = published.withDefaults(DEFAULTS);
    config.requireFlag("add_cross_attention", false);
    int hiddenSize = config.integer("n_embd");
    int numHeads = config.positive("n_head");
    if (hiddenSize % numHeads != 0) {
      throw config.bad("n_head", "a divisor of n_embd = " + hiddenSize);
    }
    int positions = config.integer("n_positions", config.integer("n_ctx", 1024));
    Norm norm = new Norm.Layer(config.number("layer_norm_epsilon"), true);
    Mlp mlp =
        new Mlp(
            config.integer("n_inner", 4 * hiddenSize),
            Activations.read(config, "activation_function"),
            true);
    GroupedQueryAttention attention =
        GroupedQueryAttention.of(numHeads, numHeads, hiddenSize / numHeads, Position.NONE)
            .withBias(true, true);
    Residual residual = new Residual.PreNorm(norm);
    return new ModelSpec(
        name(),
        config.integer("vocab_size"),
        hiddenSize,
        positions,
        new Embedding(1, positions, Norm.NONE),
        IntStream.range(0, config.positive("n_layer"))
            .mapToObj(i -> attention.withScale(scale(config, attention.scale(), i)))
            .map(mixer -> new BlockSpec(mixer, mlp, residual))
            .toList(),
        norm,
        Head.of(config.flag("tie_word_embeddings", true)));
  }

  private static double scale(Config config, double plain, int layer) {
    double scale = config.flag("scale_attn_weights", true) ? plain : 1;
    return config.flag("scale_attn_by_inverse_layer_idx", false) ? scale / (layer + 1) : scale;
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    List<GroupedQueryAttention> mixers =
        new SpecLayers(spec).mixers(GroupedQueryAttention.class).toList();
    GroupedQueryAttention attention = new SpecLayers(spec).attention();
    config
        .put("n_embd", spec.hiddenSize())
        .put("n_layer", spec.numLayers())
        .put("n_head", attention.numHeads())
        .put("n_positions", spec.contextLength())
        .put("scale_attn_weights", attention.headDim() == 1 || mixers.getFirst().scale() != 1)
        .put(
            "scale_attn_by_inverse_layer_idx",
            mixers.getFirst().scale() != mixers.getLast().scale());
    if (spec.finalNorm() instanceof Norm.Layer(double epsilon, _)) {
      config.put("layer_norm_epsilon", epsilon);
    }
    new SpecLayers(spec)
        .feedForwards(Mlp.class)
        .findFirst()
        .ifPresent(mlp ->
            config
                .put("n_inner", mlp.intermediateSize())
                .put(
                    "activation_function",
                    Activations.name(mlp.activation()).replace("pytorch_tanh", "new")));
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    return NAMES
        .name(parameter.path())
        .map(name -> name.contains(".c_") ? conv(name, parameter) : plain(name, parameter));
  }

  private static TensorView plain(String name, ParameterSpec parameter) {
    return TensorView.whole(name, parameter.shape());
  }

  /** A projection stored as [inputs, outputs], maybe one of three in the same tensor. */
  private static TensorView conv(String name, ParameterSpec parameter) {
    String[] segments = parameter.path().split("\\.");
    int third = FUSED.indexOf(segments[segments.length - 2]);
    List<Integer> shape = parameter.shape();
    long outputs = (third < 0 ? 1L : 3L) * shape.getFirst();
    long offset = Math.max(third, 0) * (long) shape.getFirst();
    return shape.size() == 1
        ? new TensorView(name, List.of(outputs), offset, 1, 1)
        : new TensorView(name, List.of((long) shape.getLast(), outputs), offset, 1, outputs);
  }

  @Override
  public List<TensorView> candidates(ModelSpec spec, ParameterSpec parameter) {
    return locate(spec, parameter).stream()
        .flatMap(view ->
            List.of(view, view.renamed(view.tensor().replaceFirst("^transformer\\.", ""))).stream())
        .distinct()
        .toList();
  }

  @Override
  public boolean isSurplus(ModelSpec spec, String tensor) {
    return Family.super.isSurplus(spec, tensor)
        || tensor.endsWith(".attn.bias")
        || tensor.endsWith(".attn.masked_bias");
  }
}
