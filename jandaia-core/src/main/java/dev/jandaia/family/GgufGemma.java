package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Head;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.QkNorm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.Span;
import java.util.List;

/** GGUF architectures gemma, gemma2 and gemma3; 1 has been added to their norms' weights. */
final class GgufGemma {
  /** Layers of the models whose queries are scaled by √(hiddenSize/numHeads), not √headDim. */
  private static final int LAYERS_OF_GEMMA2_27B = 46;

  private static final int LAYERS_OF_GEMMA3_27B = 62;

  private GgufGemma() {}

  static ModelSpec gemma(GgufMetadata gguf) {
    Dimensions dims = GgufParts.dimensions(gguf);
    Norm norm = GgufParts.norm(gguf);
    GroupedQueryAttention attention =
        GgufParts.attention(gguf, dims, GgufParts.rotary(gguf, dims.headDim(), Pairing.HALVES));
    BlockSpec block = new BlockSpec(attention, mlp(gguf), new Residual.PreNorm(norm));
    return dims.model("gemma", embedding(dims), dims.layers(block), norm, Head.of(dims.tied()));
  }

  static ModelSpec gemma2(GgufMetadata gguf) {
    Dimensions dims = GgufParts.dimensions(gguf);
    Norm norm = GgufParts.norm(gguf);
    Position position = GgufParts.rotary(gguf, dims.headDim(), Pairing.HALVES);
    GroupedQueryAttention attention =
        scaled(gguf, dims, GgufParts.attention(gguf, dims, position), LAYERS_OF_GEMMA2_27B)
            .withScoreSoftCap(gguf.number("attn_logit_softcapping", 50));
    Residual residual = new Residual.Sandwich(norm);
    List<BlockSpec> blocks =
        dims.layers(i -> new BlockSpec(attention.withSpan(span(gguf, i, 2)), mlp(gguf), residual));
    Head head = new Head(dims.tied(), 1, gguf.number("final_logit_softcapping", 30));
    return dims.model("gemma2", embedding(dims), blocks, norm, head);
  }

  static ModelSpec gemma3(GgufMetadata gguf) {
    Dimensions dims = GgufParts.dimensions(gguf);
    Norm norm = GgufParts.norm(gguf);
    Position.Rotary global = GgufParts.rotary(gguf, dims.headDim(), Pairing.HALVES);
    Position local =
        new Position.Rotary(
            gguf.number("rope.freq_base_swa", 10_000),
            global.rotaryDim(),
            Pairing.HALVES,
            RopeScaling.NONE);
    GroupedQueryAttention attention =
        scaled(gguf, dims, GgufParts.attention(gguf, dims, global), LAYERS_OF_GEMMA3_27B)
            .withQkNorm(new QkNorm.PerHead(norm));
    Residual residual = new Residual.Sandwich(norm);
    List<BlockSpec> blocks =
        dims.layers(i ->
            new BlockSpec(
                attention
                    .withSpan(span(gguf, i, 6))
                    .withPosition(GgufParts.slides(gguf, i, 6) ? local : global),
                mlp(gguf),
                residual));
    Head head = new Head(dims.tied(), 1, gguf.number("final_logit_softcapping", 0));
    return dims.model("gemma3_text", embedding(dims), blocks, norm, head);
  }

  private static GroupedQueryAttention scaled(
      GgufMetadata gguf, Dimensions dims, GroupedQueryAttention attention, int layersOf27b) {
    boolean byHidden = dims.numLayers() == layersOf27b && !gguf.has("attention.scale");
    return byHidden
        ? attention.withScale(1 / Math.sqrt((double) dims.hiddenSize() / dims.numHeads()))
        : attention;
  }

  private static Span span(GgufMetadata gguf, int layer, int pattern) {
    return GgufParts.slides(gguf, layer, pattern) ? GgufParts.window(gguf) : Span.FULL;
  }

  private static GatedMlp mlp(GgufMetadata gguf) {
    return new GatedMlp(gguf.integer("feed_forward_length"), GgufParts.GEGLU, false);
  }

  private static Embedding embedding(Dimensions dims) {
    return new Embedding(Math.sqrt(dims.hiddenSize()), 0, Norm.NONE);
  }
}
