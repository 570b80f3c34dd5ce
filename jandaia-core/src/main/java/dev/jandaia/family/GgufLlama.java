package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.QkNorm;
import dev.jandaia.spec.Residual;
import java.util.List;

/** GGUF architectures that are Llama or close to it: llama (Mistral, Mixtral), qwen2, qwen3. */
final class GgufLlama {
  private GgufLlama() {}

  /** Query and key rows are stored in the order that pairs neighbours. */
  static ModelSpec llama(GgufMetadata gguf) {
    Dimensions dims = GgufParts.dimensions(gguf);
    GroupedQueryAttention attention =
        GgufParts.attention(gguf, dims, GgufParts.rotary(gguf, dims.headDim(), Pairing.NEIGHBOURS));
    if (gguf.has("attention.sliding_window")) {
      attention = attention.withSpan(GgufParts.window(gguf));
    }
    List<BlockSpec> blocks = blocks(gguf, dims, attention);
    boolean experts = blocks.getFirst().feedForward() instanceof MixtureOfExperts;
    return dims.model(experts ? "mixtral" : "llama", blocks, GgufParts.norm(gguf));
  }

  static ModelSpec qwen2(GgufMetadata gguf) {
    Dimensions dims = GgufParts.dimensions(gguf);
    GroupedQueryAttention attention =
        GgufParts.attention(gguf, dims, GgufParts.rotary(gguf, dims.headDim(), Pairing.HALVES));
    return dims.model("qwen2", blocks(gguf, dims, attention), GgufParts.norm(gguf));
  }

  static ModelSpec qwen3(GgufMetadata gguf) {
    return qwen3("qwen3", gguf);
  }

  static ModelSpec qwen3Moe(GgufMetadata gguf) {
    return qwen3("qwen3_moe", gguf);
  }

  private static ModelSpec qwen3(String family, GgufMetadata gguf) {
    Dimensions dims = GgufParts.dimensions(gguf);
    Norm norm = GgufParts.norm(gguf);
    GroupedQueryAttention attention =
        GgufParts.attention(gguf, dims, GgufParts.rotary(gguf, dims.headDim(), Pairing.HALVES))
            .withQkNorm(new QkNorm.PerHead(norm));
    return dims.model(family, blocks(gguf, dims, attention), norm);
  }

  private static List<BlockSpec> blocks(
      GgufMetadata gguf, Dimensions dims, GroupedQueryAttention attention) {
    Residual residual = new Residual.PreNorm(GgufParts.norm(gguf));
    return dims.layers(
        i -> new BlockSpec(attention, GgufParts.feedForward(gguf, i, true), residual));
  }
}
