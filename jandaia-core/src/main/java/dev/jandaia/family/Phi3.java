package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.Span;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Phi-3 and Phi-4-mini (2404.14219): Llama with LongRoPE on all or part of each head. Queries, keys
 * and values are one stored matrix, gate and up another.
 */
final class Phi3 implements Family {
  private static final Map<String, ?> DEFAULTS =
      Map.of(
          "hidden_act",
          "silu",
          "rms_norm_eps",
          1e-5,
          "rope_theta",
          10_000.0,
          "max_position_embeddings",
          4096,
          "original_max_position_embeddings",
          4096);

  private static final Pattern FUSED =
      Pattern.compile("blocks\\.(\\d+)\\.(mixer|feedForward)\\.(query|key|value|gate|up)\\.weight");

  @Override
  public String name() {
    return "phi3";
  }

  @Override
  public String architecture() {
    return "Phi3ForCausalLM";
  }

  @Override
  public ModelSpec spec(Config published) {
    Config config = published.withDefaults(DEFAULTS);
    Dimensions dims = Dimensions.read(config);
    Norm norm = Norm.Rms.of(config.number("rms_norm_eps"));
    Rope rope = Rope.of(config).withOldNames(Map.of("su", "longrope", "yarn", "longrope"));
    Span span =
        config.has("sliding_window")
            ? new Span.Sliding(config.integer("sliding_window"))
            : Span.FULL;
    Mixer attention =
        dims.attention(rope.partialRotary(dims.headDim(), Pairing.HALVES)).withSpan(span);
    GatedMlp mlp = GatedMlps.read(config, "intermediate_size");
    BlockSpec block = new BlockSpec(attention, mlp, new Residual.PreNorm(norm));
    return dims.model(name(), dims.layers(block), norm);
  }

  @Override
  public void write(ModelSpec spec, HubFields config) {
    SpecLayers layers = new SpecLayers(spec);
    GroupedQueryAttention attention = layers.attention();
    config.sizes(spec).heads(attention).mlp(layers.mlp(), "intermediate_size").window(layers);
    RopeFields.writePartial(config, attention.position(), attention.headDim());
  }

  @Override
  public Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    Matcher fused = FUSED.matcher(parameter.path());
    return fused.matches()
        ? Optional.of(fused(spec, Integer.parseInt(fused.group(1)), fused.group(3)))
        : HubNames.LLAMA.locate(parameter);
  }

  /** Rows of {@code qkv_proj [(H + 2G)·D, C]} or {@code gate_up_proj [2F, C]}. */
  private static TensorView fused(ModelSpec spec, int layer, String part) {
    BlockSpec block = spec.blocks().get(layer);
    GroupedQueryAttention attention = (GroupedQueryAttention) block.mixer();
    long queries = attention.queryWidth();
    long keys = attention.keyValueWidth();
    boolean mlp = part.equals("gate") || part.equals("up");
    long rows = mlp ? 2L * ((GatedMlp) block.feedForward()).intermediateSize() : queries + 2 * keys;
    long firstRow =
        switch (part) {
          case "key" -> queries;
          case "value" -> queries + keys;
          case "up" -> rows / 2;
          default -> 0;
        };
    long columns = spec.hiddenSize();
    return new TensorView(
        "model.layers." + layer + (mlp ? ".mlp.gate_up_proj.weight" : ".self_attn.qkv_proj.weight"),
        List.of(rows, columns),
        firstRow * columns,
        columns,
        1);
  }
}
