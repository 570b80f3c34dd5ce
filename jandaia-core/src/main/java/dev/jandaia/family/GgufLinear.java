package dev.jandaia.family;

import dev.jandaia.spec.GatedDeltaNet;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.KimiDeltaAttention;
import dev.jandaia.spec.LightningAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where GGUF files keep linear attention, and queries that come with a gate.
 *
 * <ul>
 *   <li>gated attention: {@code attn_q}, of each head the query, then its gate.
 *   <li>Gated DeltaNet: {@code attn_qkv}, all queries, all keys, all values; {@code attn_gate};
 *       {@code ssm_conv1d [channels, K]}; of Qwen3-Next {@code ssm_ba}, of each key head the
 *       strengths, then the decays; of Qwen3.5 {@code ssm_beta} and {@code ssm_alpha}.
 *   <li>Of Qwen3.5 the value heads stand in another order: first the first of each key head, then
 *       the second of each.
 *   <li>Kimi Delta Attention: a tensor each, convolutions {@code [1, channels, 1, K]}.
 *   <li>lightning attention: {@code attn_qkv}, of each head the query, the key and the value.
 *   <li>decay rates of both delta rules as −exp of what is learned: {@code ssm_a}.
 * </ul>
 */
final class GgufLinear {
  private static final Pattern PATH = Pattern.compile("blocks\\.(\\d+)\\.mixer\\.(.+)");

  /** Parameters of Gated DeltaNet that have nothing for each value head. */
  private static final Set<String> NOT_OF_VALUES =
      Set.of(
          "query.weight",
          "key.weight",
          "queryConvolution.weight",
          "keyConvolution.weight",
          "norm.weight");

  private final String block;
  private final String part;
  private final ParameterSpec parameter;
  private final long hiddenSize;

  private GgufLinear(String block, String part, ParameterSpec parameter, long hiddenSize) {
    this.block = block;
    this.part = part;
    this.parameter = parameter;
    this.hiddenSize = hiddenSize;
  }

  /** The place of a parameter of a mixer that is not plain attention. */
  static Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    Matcher path = PATH.matcher(parameter.path());
    if (!path.matches()) {
      return Optional.empty();
    }
    String block = "blk." + path.group(1) + ".";
    var tensors = new GgufLinear(block, path.group(2), parameter, spec.hiddenSize());
    return switch (spec.blocks().get(Integer.parseInt(path.group(1))).mixer()) {
      case GroupedQueryAttention attention when attention.outputGate() ->
          tensors.queryAndGate(attention);
      case GatedDeltaNet delta when isSeparate(spec) ->
          tensors.separate().or(() -> tensors.deltaNet(delta));
      case GatedDeltaNet delta -> tensors.deltaNet(delta);
      case KimiDeltaAttention delta -> tensors.kimi(delta);
      case LightningAttention lightning -> tensors.lightning(lightning);
      default -> Optional.empty();
    };
  }

  /**
   * The value heads of a parameter, one by one, where a file has them in another order; empty for
   * other parameters.
   */
  static List<GgufNames.Piece> pieces(ModelSpec spec, ParameterSpec parameter) {
    Matcher path = PATH.matcher(parameter.path());
    if (!path.matches()
        || !isSeparate(spec)
        || !(spec.blocks().get(Integer.parseInt(path.group(1))).mixer()
            instanceof GatedDeltaNet delta)
        || delta.numKeyHeads() == delta.numValueHeads()
        || NOT_OF_VALUES.contains(path.group(2))) {
      return List.of();
    }
    TensorView whole = locate(spec, parameter).orElseThrow();
    boolean columns = path.group(2).equals("output.weight");
    int rows = parameter.shape().getFirst();
    int cols = parameter.shape().size() == 1 ? 1 : parameter.shape().getLast();
    int perHead = (columns ? cols : rows) / delta.numValueHeads();
    int perKeyHead = delta.numValueHeads() / delta.numKeyHeads();
    List<GgufNames.Piece> pieces = new ArrayList<>();
    for (int head = 0; head < delta.numValueHeads(); head++) {
      int stored = head % perKeyHead * delta.numKeyHeads() + head / perKeyHead;
      long step = columns ? whole.colStride() : whole.rowStride();
      TensorView view =
          new TensorView(
              whole.tensor(),
              whole.storedShape(),
              whole.offset() + step * perHead * stored,
              whole.rowStride(),
              whole.colStride());
      pieces.add(
          columns
              ? new GgufNames.Piece(0, rows, head * perHead, perHead, view)
              : new GgufNames.Piece(head * perHead, perHead, 0, cols, view));
    }
    return pieces;
  }

  /** Whether strengths and decays are tensors of their own. */
  private static boolean isSeparate(ModelSpec spec) {
    return spec.family().startsWith("qwen3_5");
  }

  /** What a file stores in place of a parameter's values. */
  static ValueChange change(ParameterSpec parameter) {
    return parameter.path().endsWith(".mixer.logDecayRate")
        ? ValueChange.MINUS_EXP
        : ValueChange.NONE;
  }

  private Optional<TensorView> queryAndGate(GroupedQueryAttention attention) {
    if (!part.equals("query.weight") && !part.equals("gate.weight")) {
      return Optional.empty();
    }
    long dim = attention.headDim();
    return Optional.of(
        TensorView.band(
                block + "attn_q.weight",
                List.of(2L * attention.queryWidth(), hiddenSize),
                part.equals("gate.weight") ? dim : 0)
            .inGroups(dim, 2 * dim));
  }

  private Optional<TensorView> separate() {
    return switch (part) {
      case "beta.weight" -> whole("ssm_beta.weight");
      case "decay.weight" -> whole("ssm_alpha.weight");
      default -> Optional.empty();
    };
  }

  private Optional<TensorView> deltaNet(GatedDeltaNet delta) {
    long keys = delta.keyWidth();
    return switch (part) {
      case "query.weight" -> projection(delta, 0);
      case "key.weight" -> projection(delta, keys);
      case "value.weight" -> projection(delta, 2 * keys);
      case "gate.weight" -> whole("attn_gate.weight");
      case "beta.weight" -> strengths(delta, false);
      case "decay.weight" -> strengths(delta, true);
      case "queryConvolution.weight" -> convolution(delta, 0);
      case "keyConvolution.weight" -> convolution(delta, keys);
      case "valueConvolution.weight" -> convolution(delta, 2 * keys);
      case "logDecayRate" -> whole("ssm_a");
      default -> common();
    };
  }

  private Optional<TensorView> kimi(KimiDeltaAttention delta) {
    return switch (part) {
      case "beta.weight" -> whole("ssm_beta.weight");
      case "decayDown.weight" -> whole("ssm_f_a.weight");
      case "decay.weight" -> whole("ssm_f_b.weight");
      case "gateDown.weight" -> whole("ssm_g_a.weight");
      case "gate.weight" -> whole("ssm_g_b.weight");
      case "queryConvolution.weight" -> convolution(delta, "q");
      case "keyConvolution.weight" -> convolution(delta, "k");
      case "valueConvolution.weight" -> convolution(delta, "v");
      case "logDecayRate" ->
          Optional.of(
              new TensorView(block + "ssm_a", List.of(1L, 1L, parameter.elements(), 1L), 0, 1, 1));
      case "output.weight" -> whole("attn_output.weight");
      default -> common();
    };
  }

  /** {@code attn_qkv}: of each head its query, key and value. */
  private Optional<TensorView> lightning(LightningAttention attention) {
    return switch (part) {
      case "query.weight" -> packed(attention, 0);
      case "key.weight" -> packed(attention, 1);
      case "value.weight" -> packed(attention, 2);
      case "gate.weight" -> whole("attn_gate.weight");
      case "norm.weight" -> whole("attn_norm_2.weight");
      default -> Optional.empty();
    };
  }

  private Optional<TensorView> packed(LightningAttention attention, int third) {
    long dim = attention.headDim();
    return Optional.of(
        TensorView.band(
                block + "attn_qkv.weight", List.of(3L * attention.width(), hiddenSize), third * dim)
            .inGroups(dim, 3 * dim));
  }

  private Optional<TensorView> common() {
    return switch (part) {
      case "decay.bias" -> whole("ssm_dt.bias");
      case "norm.weight" -> whole("ssm_norm.weight");
      case "output.weight" -> whole("ssm_out.weight");
      default -> Optional.empty();
    };
  }

  private Optional<TensorView> projection(GatedDeltaNet delta, long firstRow) {
    return Optional.of(
        TensorView.band(block + "attn_qkv.weight", List.of(channels(delta), hiddenSize), firstRow));
  }

  private Optional<TensorView> strengths(GatedDeltaNet delta, boolean decays) {
    long perKeyHead = delta.numValueHeads() / delta.numKeyHeads();
    return Optional.of(
        TensorView.band(
                block + "ssm_ba.weight",
                List.of(2L * delta.numValueHeads(), hiddenSize),
                decays ? perKeyHead : 0)
            .inGroups(perKeyHead, 2 * perKeyHead));
  }

  private Optional<TensorView> convolution(GatedDeltaNet delta, long firstChannel) {
    long taps = delta.convolution();
    return Optional.of(
        new TensorView(
            block + "ssm_conv1d.weight",
            List.of(channels(delta), taps),
            firstChannel * taps,
            1,
            1));
  }

  private Optional<TensorView> convolution(KimiDeltaAttention delta, String of) {
    long taps = delta.convolution();
    return Optional.of(
        new TensorView(
            block + "ssm_conv1d_" + of + ".weight",
            List.of(1L, parameter.elements() / taps, 1L, taps),
            0,
            1,
            1));
  }

  private static long channels(GatedDeltaNet delta) {
    return 2L * delta.keyWidth() + delta.valueWidth();
  }

  private Optional<TensorView> whole(String tensor) {
    return Optional.of(TensorView.whole(block + tensor, parameter.shape()));
  }
}
