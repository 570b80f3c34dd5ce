package dev.jandaia.family;

import dev.jandaia.spec.Activation;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.LightningAttention;
import dev.jandaia.spec.Mixer;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.Residual;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * GGUF architecture minimax-01. One factor weighs the residual stream after every half; what a half
 * adds is not weighed.
 */
final class GgufLightning {
  private static final String RECURRENT = "attention.recurrent_layers";
  private static final String STREAM = "residual_scale";

  private GgufLightning() {}

  static ModelSpec miniMax01(GgufMetadata gguf) {
    Dimensions dims = GgufParts.dimensions(gguf, STREAM);
    Norm norm = GgufParts.norm(gguf);
    Mixer attention =
        GgufParts.attention(gguf, dims, GgufParts.rotary(gguf, dims.headDim(), Pairing.HALVES));
    FeedForward experts = GgufParts.feedForward(gguf, 0, true);
    Residual.Mix mix = new Residual.Mix(gguf.number(STREAM), 1);
    Residual residual = new Residual.Normalised(norm, mix, mix);
    Optional<boolean[]> recurrent = gguf.flags(RECURRENT, dims.numLayers());
    int interval = gguf.integer("full_attention_interval", 8);
    return dims.model(
        "minimax",
        dims.layers(i ->
            new BlockSpec(
                recurrent.map(flags -> flags[i]).orElse((i + 1) % interval != 0)
                    ? lightning(dims, i)
                    : attention,
                experts,
                residual)),
        norm);
  }

  private static LightningAttention lightning(Dimensions dims, int layer) {
    return new LightningAttention(
        dims.numHeads(),
        dims.headDim(),
        Activation.SILU,
        MiniMax.slopes(dims.numHeads(), layer, dims.numLayers()),
        Norm.Rms.of(MiniMax.LIGHTNING_EPSILON));
  }

  /** Where the factors are not one, reading the metadata back will tell. */
  static Map<String, Object> keys(ModelSpec spec) {
    Map<String, Object> keys = new LinkedHashMap<>();
    boolean[] recurrent = new boolean[spec.numLayers()];
    for (int i = 0; i < recurrent.length; i++) {
      recurrent[i] = !(spec.blocks().get(i).mixer() instanceof GroupedQueryAttention);
    }
    keys.put(RECURRENT, recurrent);
    if (spec.blocks().getFirst().residual()
        instanceof Residual.Normalised(_, Residual.Mix mix, _)) {
      keys.put(STREAM, mix.stream());
    }
    return keys;
  }
}
