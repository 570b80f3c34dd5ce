package dev.jandaia.family;

import dev.jandaia.spec.CompressedAttention;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.KeyValues;
import dev.jandaia.spec.LatentAttention;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where GGUF files keep each parameter; the names are the same for all architectures. */
public final class GgufNames {
  private static final HubNames NAMES =
      HubNames.EMPTY
          .with("embedding.tokens", "token_embd")
          .with("embedding.positions", "position_embd")
          .with("blocks.#.mixerNorm", "blk.#.attn_norm")
          .with("blocks.#.mixerPostNorm", "blk.#.post_attention_norm")
          .with("blocks.#.feedForwardNorm", "blk.#.ffn_norm")
          .with("blocks.#.feedForwardPostNorm", "blk.#.post_ffw_norm")
          .with("blocks.#.mixer.query", "blk.#.attn_q")
          .with("blocks.#.mixer.key", "blk.#.attn_k")
          .with("blocks.#.mixer.value", "blk.#.attn_v")
          .with("blocks.#.mixer.output", "blk.#.attn_output")
          .with("blocks.#.mixer.queryNorm", "blk.#.attn_q_norm")
          .with("blocks.#.mixer.keyNorm", "blk.#.attn_k_norm")
          .with("blocks.#.mixer.sinks", "blk.#.attn_sinks.weight")
          .with("blocks.#.mixer.queryDown", "blk.#.attn_q_a")
          .with("blocks.#.mixer.queryDownNorm", "blk.#.attn_q_a_norm")
          .with("blocks.#.mixer.queryUp", "blk.#.attn_q_b")
          .with("blocks.#.mixer.latentDown", "blk.#.attn_kv_a_mqa")
          .with("blocks.#.mixer.latentNorm", "blk.#.attn_kv_a_norm")
          .with("blocks.#.mixer.latentUp", "blk.#.attn_kv_b")
          .with("blocks.#.mixer.indexer.query", "blk.#.indexer.attn_q_b")
          .with("blocks.#.mixer.indexer.key", "blk.#.indexer.attn_k")
          .with("blocks.#.mixer.indexer.keyNorm", "blk.#.indexer.k_norm")
          .with("blocks.#.mixer.indexer.headWeights", "blk.#.indexer.proj")
          .with("blocks.#.feedForward.gate", "blk.#.ffn_gate")
          .with("blocks.#.feedForward.up", "blk.#.ffn_up")
          .with("blocks.#.feedForward.down", "blk.#.ffn_down")
          .with("blocks.#.feedForward.router", "blk.#.ffn_gate_inp")
          .with("blocks.#.feedForward.router.correction", "blk.#.exp_probs_b.bias")
          .with("blocks.#.feedForward.shared.gate", "blk.#.ffn_gate_shexp")
          .with("blocks.#.feedForward.shared.up", "blk.#.ffn_up_shexp")
          .with("blocks.#.feedForward.shared.down", "blk.#.ffn_down_shexp")
          .with("blocks.#.feedForward.sharedGate", "blk.#.ffn_gate_inp_shexp")
          .with("blocks.#.feedForward.dense.gate", "blk.#.ffn_gate")
          .with("blocks.#.feedForward.dense.up", "blk.#.ffn_up")
          .with("blocks.#.feedForward.dense.down", "blk.#.ffn_down")
          .with("blocks.#.feedForward.densePostNorm", "blk.#.post_ffw_norm_1")
          .with("blocks.#.feedForward.moeNorm", "blk.#.pre_ffw_norm_2")
          .with("blocks.#.feedForward.moePostNorm", "blk.#.post_ffw_norm_2")
          .with("blocks.#.feedForward.moe.router", "blk.#.ffn_gate_inp")
          .with("blocks.#.feedForward.moe.router.norm.weight", "blk.#.ffn_gate_inp.scale")
          .with("blocks.#.feedForward.moe.router.expertScale", "blk.#.ffn_down_exps.scale")
          .with("blocks.#.outputScale", "blk.#.layer_output_scale.weight")
          .with("blocks.#.layerInput.gate", "blk.#.inp_gate")
          .with("blocks.#.layerInput.output", "blk.#.proj")
          .with("blocks.#.layerInput.norm", "blk.#.post_norm")
          .with("blocks.#.laurel.narrow", "blk.#.laurel_l")
          .with("blocks.#.laurel.widen", "blk.#.laurel_r")
          .with("blocks.#.laurel.norm", "blk.#.laurel_post_norm")
          .with("blocks.#.altUp.norm", "blk.#.altup_router_norm")
          .with("blocks.#.altUp.router", "blk.#.altup_router")
          .with("blocks.#.altUp.prediction", "blk.#.altup_predict_coef")
          .with("blocks.#.altUp.correction", "blk.#.altup_correct_coef")
          .with("blocks.#.altUp.inputScale", "blk.#.altup_correct_scale.weight")
          .with("layerEmbedding.projection", "per_layer_model_proj")
          .with("layerEmbedding.norm", "per_layer_proj_norm")
          .with("finalNorm", "output_norm")
          .with("head", "output");

  /** What DeepSeek-V4 calls otherwise: one vector is key and value, outputs narrow in two steps. */
  private static final HubNames COMPRESSED =
      NAMES
          .with("blocks.#.mixer.key", "blk.#.attn_kv")
          .with("blocks.#.mixer.keyNorm", "blk.#.attn_kv_a_norm")
          .with("blocks.#.mixer.outputDown", "blk.#.attn_output_a")
          .with("blocks.#.mixer.output", "blk.#.attn_output_b")
          .with("blocks.#.mixer.compressor.value", "blk.#.attn_compressor_kv")
          .with("blocks.#.mixer.compressor.gate", "blk.#.attn_compressor_gate")
          .with("blocks.#.mixer.compressor.places", "blk.#.attn_compressor_ape.weight")
          .with("blocks.#.mixer.compressor.norm", "blk.#.attn_compressor_norm")
          .with("blocks.#.mixer.indexer.compressor.value", "blk.#.indexer_compressor_kv")
          .with("blocks.#.mixer.indexer.compressor.gate", "blk.#.indexer_compressor_gate")
          .with("blocks.#.mixer.indexer.compressor.places", "blk.#.indexer_compressor_ape.weight")
          .with("blocks.#.mixer.indexer.compressor.norm", "blk.#.indexer_compressor_norm")
          .with("blocks.#.mixerStreams.coefficients", "blk.#.hc_attn_fn")
          .with("blocks.#.mixerStreams.scale", "blk.#.hc_attn_scale.weight")
          .with("blocks.#.mixerStreams.base", "blk.#.hc_attn_base.weight")
          .with("blocks.#.feedForwardStreams.coefficients", "blk.#.hc_ffn_fn")
          .with("blocks.#.feedForwardStreams.scale", "blk.#.hc_ffn_scale.weight")
          .with("blocks.#.feedForwardStreams.base", "blk.#.hc_ffn_base.weight")
          .with("streams.collapse.coefficients", "output_hc_fn")
          .with("streams.collapse.scale", "output_hc_scale.weight")
          .with("streams.collapse.base", "output_hc_base.weight")
          .with("blocks.#.feedForward.router.experts", "blk.#.ffn_gate_tid2eid.weight");

  private static final Pattern EXPERT =
      Pattern.compile(
          "blocks\\.(\\d+)\\.feedForward\\.(?:moe\\.)?experts\\.(\\d+)\\.(gate|up|down)\\.(weight|bias)");

  private static final Pattern OWN_KEYS = Pattern.compile("blk\\.(\\d+)\\.attn_(k|v|k_norm)\\..*");

  private static final Pattern STREAM =
      Pattern.compile("streams\\.(split|merge)\\.(\\d+)\\.weight");

  private static final List<String> FUSED = List.of("query", "key", "value");

  /** Families whose queries, keys and values are written as one tensor. */
  private static final Set<String> FUSING = Set.of("gpt2", "phi3");

  /** Families that call the norm before their experts as others do a norm after attention. */
  private static final Set<String> NORM_AFTER_ATTENTION =
      Set.of("gpt_oss", "glm4_moe", "qwen3_next", "qwen3_5_text", "qwen3_5_moe_text");

  private GgufNames() {}

  /** Where a file written by us keeps a parameter; empty when GGUF has no place for it. */
  public static Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    List<TensorView> candidates = candidates(spec, parameter);
    boolean last =
        (FUSING.contains(spec.family()) && isFused(parameter))
            || (NORM_AFTER_ATTENTION.contains(spec.family())
                && parameter.path().contains(".feedForwardNorm."));
    return last ? Optional.of(candidates.getLast()) : candidates.stream().findFirst();
  }

  /** What files store in place of a parameter's values. */
  public static ValueChange change(ParameterSpec parameter) {
    return GgufLinear.change(parameter);
  }

  /** Every place where files keep a parameter; a loader takes the first whose tensor exists. */
  public static List<TensorView> candidates(ModelSpec spec, ParameterSpec parameter) {
    if (GgufPredictions.isPart(parameter)) {
      return GgufPredictions.candidates(spec, parameter);
    }
    Matcher expert = EXPERT.matcher(parameter.path());
    if (expert.matches()) {
      return expert(spec, parameter, expert);
    }
    Matcher stream = STREAM.matcher(parameter.path());
    if (stream.matches()) {
      return List.of(stream(spec, parameter, stream));
    }
    if (parameter.path().equals("layerEmbedding.tokens.weight")) {
      // a row for each token, also for those that have no vector
      long width = parameter.shape().getLast();
      return List.of(
          TensorView.band(
              "per_layer_token_embd.weight", List.of((long) spec.vocabSize(), width), 0));
    }
    Optional<TensorView> linear = GgufLinear.locate(spec, parameter);
    if (!GgufLinear.pieces(spec, parameter).isEmpty()) {
      return List.of();
    }
    if (linear.isPresent()) {
      return List.of(linear.get());
    }
    List<TensorView> candidates = new ArrayList<>();
    boolean compressed = spec.blocks().getFirst().mixer() instanceof CompressedAttention;
    (compressed ? COMPRESSED : NAMES).locate(parameter).ifPresent(candidates::add);
    if (parameter.path().contains(".feedForwardNorm.")) {
      candidates.add(
          candidates
              .getFirst()
              .renamed(candidates.getFirst().tensor().replace("ffn_norm", "post_attention_norm")));
    }
    if (third(parameter) >= 0 && isGrouped(spec, parameter)) {
      candidates.add(fused(spec, parameter));
    }
    if (spec.family().equals("phi3") && isGateOrUp(parameter)) {
      // Gate and up are below each other under the name of the latter, the gate first.
      return List.of(gateAndUp(parameter));
    }
    return candidates;
  }

  /**
   * A latent up-projection that is split into {@code attn_k_b [H, kvRank, nope]} and {@code
   * attn_v_b [H, value, kvRank]}, as newer files have it, or value heads in another order: the
   * pieces that are the parameter together. Empty for every other parameter.
   */
  public static List<Piece> pieces(ModelSpec spec, ParameterSpec parameter) {
    if (GgufPredictions.isPart(parameter)) {
      return GgufPredictions.pieces(spec, parameter);
    }
    if (!parameter.path().endsWith(".mixer.latentUp.weight")) {
      return GgufLinear.pieces(spec, parameter);
    }
    int layer = Integer.parseInt(parameter.path().split("\\.")[1]);
    LatentAttention attention = (LatentAttention) spec.blocks().get(layer).mixer();
    long heads = attention.numHeads();
    long rank = attention.kvRank();
    long nope = attention.nopeDim();
    long value = attention.valueDim();
    String block = "blk." + layer;
    List<Long> keyShape = List.of(heads, rank, nope);
    List<Long> valueShape = List.of(heads, value, rank);
    int perHead = attention.nopeDim() + attention.valueDim();
    List<Piece> pieces = new ArrayList<>();
    for (int head = 0; head < heads; head++) {
      pieces.add(
          new Piece(
              head * perHead,
              attention.nopeDim(),
              0,
              attention.kvRank(),
              new TensorView(block + ".attn_k_b.weight", keyShape, head * rank * nope, 1, nope)));
      pieces.add(
          new Piece(
              head * perHead + attention.nopeDim(),
              attention.valueDim(),
              0,
              attention.kvRank(),
              new TensorView(
                  block + ".attn_v_b.weight", valueShape, head * value * rank, rank, 1)));
    }
    return pieces;
  }

  /**
   * Some rows and columns of a parameter; a vector has one column.
   *
   * @param firstRow of the parameter
   * @param rows how many
   * @param firstCol of the parameter
   * @param cols how many
   * @param view where they are stored
   */
  public record Piece(int firstRow, int rows, int firstCol, int cols, TensorView view) {
    /** All of a parameter. */
    public static Piece whole(ParameterSpec parameter, TensorView view) {
      List<Integer> shape = parameter.shape();
      return new Piece(0, shape.getFirst(), 0, shape.size() == 1 ? 1 : shape.getLast(), view);
    }
  }

  /** All experts of a layer stacked in one tensor; in old files a tensor each. */
  private static List<TensorView> expert(ModelSpec spec, ParameterSpec parameter, Matcher path) {
    int layer = Integer.parseInt(path.group(1));
    int expert = Integer.parseInt(path.group(2));
    MixtureOfExperts moe =
        MixtureOfExperts.in(spec.blocks().get(layer).feedForward()).orElseThrow();
    List<Long> shape = new ArrayList<>(List.of((long) moe.numExperts()));
    parameter.shape().forEach(dim -> shape.add(dim.longValue()));
    TensorView one = TensorView.whole("", parameter.shape());
    String stem = "blk.%d.ffn_%s".formatted(layer, path.group(3));
    List<TensorView> candidates = new ArrayList<>();
    candidates.add(
        new TensorView(
            stem + "_exps." + path.group(4),
            shape,
            expert * parameter.elements(),
            one.rowStride(),
            one.colStride()));
    if (!path.group(3).equals("down") && path.group(4).equals("weight")) {
      candidates.add(gatesAndUps(layer, expert, path.group(3).equals("up"), shape));
    }
    candidates.add(one.renamed(stem + "." + expert + "." + path.group(4)));
    return candidates;
  }

  /** Of each expert the gate, then the up, in one tensor. */
  private static TensorView gatesAndUps(int layer, int expert, boolean up, List<Long> shape) {
    long rows = shape.get(1);
    long columns = shape.get(2);
    return new TensorView(
        "blk.%d.ffn_gate_up_exps.weight".formatted(layer),
        List.of(shape.getFirst(), 2 * rows, columns),
        (2L * expert + (up ? 1 : 0)) * rows * columns,
        columns,
        1);
  }

  /** One of the matrices between the first residual stream and the others, which lie together. */
  private static TensorView stream(ModelSpec spec, ParameterSpec parameter, Matcher path) {
    long width = spec.hiddenSize();
    return new TensorView(
        path.group(1).equals("split") ? "altup_proj.weight" : "altup_unembd_proj.weight",
        List.of(spec.numStreams() - 1L, width, width),
        Long.parseLong(path.group(2)) * parameter.elements(),
        width,
        1);
  }

  /**
   * Whether a stored tensor that no parameter needs is known to be safe to leave out: what RoPE's
   * frequencies are divided by has gone into the spec, layers that read the keys and values of
   * others need none of their own, and modules for further tokens are not part of every spec.
   */
  public static boolean isSurplus(ModelSpec spec, String tensor) {
    Matcher own = OWN_KEYS.matcher(tensor);
    return tensor.matches("rope_(freqs|factors_long|factors_short)\\.weight")
        || GgufPredictions.isSurplus(spec, tensor)
        || (own.matches() && readsOthers(spec, Integer.parseInt(own.group(1))));
  }

  /** Whether a layer has keys and values of an earlier one. */
  static boolean readsOthers(ModelSpec spec, int layer) {
    return layer < spec.numLayers()
        && spec.blocks().get(layer).mixer() instanceof GroupedQueryAttention attention
        && attention.keyValues() instanceof KeyValues.OfLayer;
  }

  /** One of query, key and value in {@code attn_qkv}, rows of the three below each other. */
  private static TensorView fused(ModelSpec spec, ParameterSpec parameter) {
    String[] segments = parameter.path().split("\\.");
    int layer = Integer.parseInt(segments[1]);
    var attention = (GroupedQueryAttention) spec.blocks().get(layer).mixer();
    long queries = attention.queryWidth();
    long keys = attention.keyValueWidth();
    long firstRow = List.of(0L, queries, queries + keys).get(third(parameter));
    List<Integer> shape = parameter.shape();
    long columns = shape.size() == 1 ? 1 : shape.getLast();
    List<Long> stored = new ArrayList<>(List.of(queries + 2 * keys));
    shape.stream().skip(1).forEach(dim -> stored.add(dim.longValue()));
    return new TensorView(
        "blk." + layer + ".attn_qkv." + segments[segments.length - 1],
        stored,
        firstRow * columns,
        columns,
        1);
  }

  private static int third(ParameterSpec parameter) {
    String[] segments = parameter.path().split("\\.");
    return segments.length == 5 && segments[2].equals("mixer") ? FUSED.indexOf(segments[3]) : -1;
  }

  private static boolean isGrouped(ModelSpec spec, ParameterSpec parameter) {
    int layer = Integer.parseInt(parameter.path().split("\\.")[1]);
    return spec.blocks().get(layer).mixer() instanceof GroupedQueryAttention;
  }

  private static boolean isFused(ParameterSpec parameter) {
    return third(parameter) >= 0;
  }

  private static boolean isGateOrUp(ParameterSpec parameter) {
    return parameter.path().matches("blocks\\.\\d+\\.feedForward\\.(gate|up)\\.weight");
  }

  private static TensorView gateAndUp(ParameterSpec parameter) {
    String[] segments = parameter.path().split("\\.");
    long rows = parameter.shape().getFirst();
    long columns = parameter.shape().getLast();
    return TensorView.band(
        "blk.%s.ffn_up.weight".formatted(segments[1]),
        List.of(2 * rows, columns),
        segments[3].equals("up") ? rows : 0);
  }
}
