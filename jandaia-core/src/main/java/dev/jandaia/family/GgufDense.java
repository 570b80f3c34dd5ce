package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Head;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.Span;
import dev.jandaia.spec.Temperature;
import java.util.List;

/** GGUF architectures smollm3, granite, cohere2, phi3 and mistral3 (Ministral 3). */
final class GgufDense {
  /** Every so many layers of SmolLM3 one has no positions. */
  private static final int NOPE_INTERVAL = 4;

  private GgufDense() {}

  /** Query and key rows are stored in the order that pairs neighbours. */
  static ModelSpec smolLm3(GgufMetadata gguf) {
    Dimensions dims = GgufParts.dimensions(gguf);
    Position rotary = GgufParts.rotary(gguf, dims.headDim(), Pairing.NEIGHBOURS);
    GroupedQueryAttention attention = GgufParts.attention(gguf, dims, rotary);
    FeedForward mlp = GgufParts.feedForward(gguf, 0, false);
    Residual residual = new Residual.PreNorm(GgufParts.norm(gguf));
    List<BlockSpec> blocks =
        dims.layers(i -> {
          Position position = (i + 1) % NOPE_INTERVAL == 0 ? Position.NONE : rotary;
          return new BlockSpec(attention.withPosition(position), mlp, residual);
        });
    return dims.model("smollm3", blocks, GgufParts.norm(gguf));
  }

  /** As Llama, with a factor on nearly everything; logits are divided by theirs. */
  static ModelSpec granite(GgufMetadata gguf) {
    Dimensions dims =
        GgufParts.dimensions(gguf, "embedding_scale", "residual_scale", "logit_scale");
    Norm norm = GgufParts.norm(gguf);
    GroupedQueryAttention attention =
        GgufParts.attention(gguf, dims, GgufParts.rotary(gguf, dims.headDim(), Pairing.NEIGHBOURS));
    Residual residual = new Residual.ScaledPreNorm(norm, gguf.number("residual_scale", 1));
    BlockSpec block = new BlockSpec(attention, GgufParts.feedForward(gguf, 0, false), residual);
    return dims.model(
        "granite",
        new Embedding(gguf.number("embedding_scale", 1), 0, Norm.NONE),
        dims.layers(block),
        norm,
        new Head(dims.tied(), 1 / gguf.number("logit_scale", 1), 0));
  }

  /** Logits are multiplied with their factor. */
  static ModelSpec cohere2(GgufMetadata gguf) {
    Dimensions dims = GgufParts.dimensions(gguf, "logit_scale");
    Norm norm = new Norm.Layer(gguf.number("attention.layer_norm_epsilon"), false);
    Position rotary = GgufParts.rotary(gguf, dims.headDim(), Pairing.NEIGHBOURS);
    GroupedQueryAttention attention = GgufParts.attention(gguf, dims, rotary);
    FeedForward mlp = GgufParts.feedForward(gguf, 0, false);
    Residual residual = new Residual.Parallel(norm);
    List<BlockSpec> blocks =
        dims.layers(i -> {
          boolean slides = GgufParts.slides(gguf, i, 4);
          return new BlockSpec(
              attention
                  .withPosition(slides ? rotary : Position.NONE)
                  .withSpan(slides ? GgufParts.window(gguf) : Span.FULL),
              mlp,
              residual);
        });
    Head head = new Head(dims.tied(), gguf.number("logit_scale"), 0);
    return dims.model("cohere2", Embedding.PLAIN, blocks, norm, head);
  }

  /** A window of 0 is none. */
  static ModelSpec phi3(GgufMetadata gguf) {
    Dimensions dims = GgufParts.dimensions(gguf);
    Norm norm = GgufParts.norm(gguf);
    int window = gguf.integer("attention.sliding_window", 0);
    GroupedQueryAttention attention =
        GgufParts.attention(gguf, dims, GgufParts.rotary(gguf, dims.headDim(), Pairing.HALVES))
            .withSpan(window == 0 ? Span.FULL : new Span.Sliding(window));
    BlockSpec block =
        new BlockSpec(attention, GgufParts.feedForward(gguf, 0, false), new Residual.PreNorm(norm));
    return dims.model("phi3", dims.layers(block), norm);
  }

  /** With a temperature Ministral 3, without one a Llama. */
  static ModelSpec mistral3(GgufMetadata gguf) {
    if (!gguf.has("attention.temperature_scale")) {
      return GgufLlama.llama(gguf);
    }
    Dimensions dims = GgufParts.dimensions(gguf, "attention.temperature_scale");
    Norm norm = GgufParts.norm(gguf);
    Temperature temperature =
        new Temperature.Logarithmic(
            gguf.number("attention.temperature_scale"),
            gguf.integer("rope.scaling.original_context_length"),
            0);
    GroupedQueryAttention attention =
        GgufParts.attention(gguf, dims, GgufParts.rotary(gguf, dims.headDim(), Pairing.NEIGHBOURS))
            .withTemperature(temperature);
    BlockSpec block =
        new BlockSpec(attention, GgufParts.feedForward(gguf, 0, false), new Residual.PreNorm(norm));
    return dims.model("ministral3", dims.layers(block), norm);
  }
}
