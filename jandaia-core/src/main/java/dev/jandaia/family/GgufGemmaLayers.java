package dev.jandaia.family;

import dev.jandaia.spec.Activation;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.Embedding;
import dev.jandaia.spec.FeedForward;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Gating;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Head;
import dev.jandaia.spec.KeyValues;
import dev.jandaia.spec.LayerEmbedding;
import dev.jandaia.spec.LayerInput;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Norm;
import dev.jandaia.spec.NormedDenseAndMoe;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.spec.QkNorm;
import dev.jandaia.spec.Residual;
import dev.jandaia.spec.RopeScaling;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.Span;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * GGUF architectures gemma3n and gemma4, whose layers differ in heads, windows and widths, get
 * vectors of their own, and read the keys and values of others.
 */
final class GgufGemmaLayers {
  /** Tokens that have a vector for each layer, where not all do; a key that others do not have. */
  static final String LAYER_VOCABULARY = "vocab_size_per_layer_input";

  /** What every published Gemma 3n bounds its coefficients with while they are trained. */
  private static final double COEFFICIENT_BOUND = 120;

  private final GgufMetadata gguf;
  private final Dimensions dims;
  private final Norm.Rms norm;
  private final int[] keyHeads;
  private final int[] sizes;
  private final int firstShared;

  private GgufGemmaLayers(GgufMetadata gguf) {
    this.gguf = gguf;
    int numLayers = gguf.positive("block_count");
    int heads = gguf.positive("attention.head_count");
    keyHeads = gguf.perLayer("attention.head_count_kv", numLayers);
    sizes = gguf.perLayer("feed_forward_length", numLayers);
    norm = (Norm.Rms) GgufParts.norm(gguf);
    firstShared = numLayers - gguf.integer("attention.shared_kv_layers", 0);
    dims =
        new Dimensions(
            gguf.rows("token_embd.weight"),
            gguf.integer("embedding_length"),
            numLayers,
            heads,
            heads,
            gguf.integer("attention.key_length"),
            gguf.integer("context_length"),
            !gguf.hasTensor("output.weight"));
  }

  static ModelSpec gemma4(GgufMetadata gguf) {
    GgufGemmaLayers layers = new GgufGemmaLayers(gguf);
    Residual sandwich = new Residual.Sandwich(layers.norm);
    Residual wired =
        layers
            .layerInput()
            .<Residual>map(input -> new Residual.WithInput(sandwich, input))
            .orElse(sandwich);
    Residual residual =
        gguf.hasTensor("blk.0.layer_output_scale.weight") ? new Residual.Rescaled(wired) : wired;
    return layers.model(
        "gemma4_text",
        layers.dims.layers(
            i -> new BlockSpec(layers.attention(i), layers.feedForward(i), residual)));
  }

  static ModelSpec gemma3n(GgufMetadata gguf) {
    GgufGemmaLayers layers = new GgufGemmaLayers(gguf);
    double[] cutoffs = gguf.numbers("activation_sparsity_scale", layers.dims.numLayers());
    Residual residual =
        new Residual.AltUp(
            new Residual.Laurel(layers.norm, gguf.rows("blk.0.laurel_l.weight")),
            gguf.positive("altup.num_inputs"),
            gguf.integer("altup.active_idx"),
            layers.norm,
            layers
                .layerInput()
                .orElseThrow(
                    () -> gguf.bad("embedding_length_per_layer_input", "a positive integer")),
            true,
            Optional.of(COEFFICIENT_BOUND));
    return layers.model(
        "gemma3n_text",
        layers.dims.layers(i ->
            new BlockSpec(
                layers.attention(i),
                new GatedMlp(layers.sizes[i], gating(cutoffs[i]), false),
                residual)));
  }

  private static Gating gating(double cutoff) {
    double sparsity = GaussianShare.shortest(cutoff);
    return sparsity > 0
        ? new Gating.GaussianSparse(Activation.GELU_TANH, sparsity)
        : GgufParts.GEGLU;
  }

  private GroupedQueryAttention attention(int layer) {
    boolean slides = slides(layer);
    int headDim =
        slides ? gguf.integer("attention.key_length_swa", dims.headDim()) : dims.headDim();
    GroupedQueryAttention attention =
        GroupedQueryAttention.of(
                dims.numHeads(), keyHeads[layer], headDim, position(slides, headDim))
            .withQkNorm(new QkNorm.PerHead(norm))
            .withScale(1)
            .withSpan(slides ? GgufParts.window(gguf) : Span.FULL);
    if (layer >= firstShared) {
      return attention.withKeyValues(source(layer));
    }
    String block = "blk." + layer + ".";
    boolean values =
        gguf.hasTensor(block + "attn_v.weight") || gguf.hasTensor(block + "attn_qkv.weight");
    return attention
        .withValueNorm(new Norm.Rms(norm.epsilon(), Norm.Gain.NONE))
        .withKeyValues(values ? KeyValues.PROJECTED : new KeyValues.KeysOnly());
  }

  private boolean slides(int layer) {
    return GgufParts.slides(gguf, layer, 5);
  }

  /** The last layer of the same kind that makes keys and values. */
  private KeyValues source(int layer) {
    return IntStream.range(0, firstShared)
        .filter(earlier -> slides(earlier) == slides(layer))
        .mapToObj(KeyValues.OfLayer::new)
        .reduce((_, later) -> later)
        .orElseThrow(
            () -> gguf.bad("attention.shared_kv_layers", "a layer of each kind before them"));
  }

  /** What frequencies are divided by is for layers that see all keys. */
  private Position position(boolean slides, int headDim) {
    return slides
        ? new Position.Rotary(
            gguf.number("rope.freq_base_swa", 10_000),
            gguf.integer("rope.dimension_count_swa", headDim),
            Pairing.HALVES,
            RopeScaling.NONE)
        : GgufParts.rotary(gguf, headDim, Pairing.HALVES);
  }

  private FeedForward feedForward(int layer) {
    String block = "blk." + layer + ".";
    GatedMlp dense = new GatedMlp(sizes[layer], GgufParts.GEGLU, false);
    if (!gguf.hasTensor(block + "ffn_gate_inp.weight")) {
      return dense;
    }
    Router router =
        new Router(
            gguf.integer("expert_used_count"),
            Router.Scoring.SOFTMAX,
            false,
            false,
            Router.Groups.NONE,
            true,
            1,
            0,
            norm,
            1 / Math.sqrt(dims.hiddenSize()),
            gguf.hasTensor(block + "ffn_down_exps.scale"));
    GatedMlp expert =
        new GatedMlp(gguf.integer("expert_feed_forward_length"), GgufParts.GEGLU, false);
    return new NormedDenseAndMoe(
        dense,
        new MixtureOfExperts(gguf.integer("expert_count"), router, expert, Optional.empty()),
        norm);
  }

  private Optional<LayerInput> layerInput() {
    return Optional.of(gguf.integer("embedding_length_per_layer_input", 0))
        .filter(size -> size != 0)
        .map(size -> new LayerInput(size, Activation.GELU_TANH, norm));
  }

  private ModelSpec model(String family, List<BlockSpec> blocks) {
    Optional<LayerEmbedding> own =
        layerInput()
            .map(input ->
                new LayerEmbedding(
                    gguf.integer(LAYER_VOCABULARY, dims.vocabSize()), input.size(), norm));
    Embedding embedding = new Embedding(Math.sqrt(dims.hiddenSize()), 0, Norm.NONE, own);
    Head head = new Head(dims.tied(), 1, gguf.number("final_logit_softcapping", 0));
    return dims.model(family, embedding, blocks, norm, head);
  }
}
