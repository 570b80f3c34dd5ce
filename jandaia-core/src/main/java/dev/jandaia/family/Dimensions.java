package dev.jandaia.family;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Head;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.Position;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The sizes that nearly every config.json states under the same names. */
record Dimensions(
    int vocabSize,
    int hiddenSize,
    int numLayers,
    int numHeads,
    int numKvHeads,
    int headDim,
    int contextLength,
    boolean tied) {

  /**
   * Reads them; without head_dim heads split the hidden size, without num_key_value_heads none is
   * shared.
   */
  static Dimensions read(Config config) {
    int hiddenSize = config.integer("hidden_size");
    int numHeads = config.positive("num_attention_heads");
    return new Dimensions(
        config.integer("vocab_size"),
        hiddenSize,
        config.positive("num_hidden_layers"),
        numHeads,
        config.integer("num_key_value_heads", numHeads),
        config.has("head_dim") ? config.integer("head_dim") : split(config, hiddenSize, numHeads),
        config.integer("max_position_embeddings"),
        config.flag("tie_word_embeddings", false));
  }

  /** These sizes with another number of layers. */
  Dimensions withLayers(int layers) {
    return new Dimensions(
        vocabSize, hiddenSize, layers, numHeads, numKvHeads, headDim, contextLength, tied);
  }

  private static int split(Config config, int hiddenSize, int numHeads) {
    if (hiddenSize % numHeads != 0) {
      throw config.bad("num_attention_heads", "a divisor of hidden_size = " + hiddenSize);
    }
    return hiddenSize / numHeads;
  }

  /** Attention of these sizes, otherwise as Llama has it. */
  GroupedQueryAttention attention(Position position) {
    return GroupedQueryAttention.of(numHeads, numKvHeads, headDim, position);
  }

  /** One block per layer index. */
  List<BlockSpec> layers(IntFunction<BlockSpec> block) {
    return IntStream.range(0, numLayers).mapToObj(block).toList();
  }

  /** All layers alike. */
  List<BlockSpec> layers(BlockSpec block) {
    return Collections.nCopies(numLayers, block);
  }

  /** A model of these sizes with a plain embedding and head. */
  ModelSpec model(String family, List<BlockSpec> blocks, Norm finalNorm) {
    return model(family, Embedding.PLAIN, blocks, finalNorm, Head.of(tied));
  }

  ModelSpec model(
      String family, Embedding embedding, List<BlockSpec> blocks, Norm finalNorm, Head head) {
    return new ModelSpec(
        family, vocabSize, hiddenSize, contextLength, embedding, blocks, finalNorm, head);
  }
}
