package dev.jandaia.family;

import dev.jandaia.spec.GatedDeltaNet;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where Qwen3-Next and Qwen3.5 keep their mixers.
 *
 * <ul>
 *   <li>attention: {@code q_proj}, of each head the query, then its gate.
 *   <li>Gated DeltaNet of both: {@code conv1d [channels, 1, K]}, queries, keys, values.
 *   <li>of Qwen3-Next: {@code in_proj_qkvz}, of each key head its query, key, values, gates; {@code
 *       in_proj_ba}, of each key head the strengths, then the decays.
 *   <li>of Qwen3.5: {@code in_proj_qkv}, all queries, all keys, all values; {@code in_proj_z},
 *       {@code in_proj_b}, {@code in_proj_a}.
 * </ul>
 */
final class QwenHybridTensors {
  private static final Pattern PATH = Pattern.compile("blocks\\.(\\d+)\\.mixer\\.(.+)");

  private final String layer;
  private final String part;
  private final ParameterSpec parameter;
  private final long hiddenSize;

  private QwenHybridTensors(String layer, String part, ParameterSpec parameter, long hiddenSize) {
    this.layer = layer;
    this.part = part;
    this.parameter = parameter;
    this.hiddenSize = hiddenSize;
  }

  /** The place of a parameter in a checkpoint that packs the projections by key head, or not. */
  static Optional<TensorView> locate(
      ModelSpec spec, ParameterSpec parameter, boolean packedByKeyHead) {
    Matcher path = PATH.matcher(parameter.path());
    if (!path.matches()) {
      return Optional.empty();
    }
    String layer = "model.layers." + path.group(1);
    var tensors = new QwenHybridTensors(layer, path.group(2), parameter, spec.hiddenSize());
    return switch (spec.blocks().get(Integer.parseInt(path.group(1))).mixer()) {
      case GroupedQueryAttention attention -> tensors.queryAndGate(attention);
      case GatedDeltaNet deltaNet ->
          tensors
              .shared(deltaNet)
              .or(() -> packedByKeyHead ? tensors.packed(deltaNet) : tensors.separate(deltaNet));
      default -> Optional.empty();
    };
  }

  private Optional<TensorView> queryAndGate(GroupedQueryAttention attention) {
    if (!part.startsWith("query.") && !part.startsWith("gate.")) {
      return Optional.empty();
    }
    long dim = attention.headDim();
    String suffix = part.substring(part.indexOf('.'));
    long rows = 2L * attention.queryWidth();
    List<Long> shape = suffix.equals(".bias") ? List.of(rows) : List.of(rows, hiddenSize);
    return Optional.of(
        TensorView.band(
                layer + ".self_attn.q_proj" + suffix, shape, part.startsWith("gate.") ? dim : 0)
            .inGroups(dim, 2 * dim));
  }

  private Optional<TensorView> shared(GatedDeltaNet deltaNet) {
    return switch (part) {
      case "queryConvolution.weight" -> convolution(deltaNet, 0);
      case "keyConvolution.weight" -> convolution(deltaNet, deltaNet.keyWidth());
      case "valueConvolution.weight" -> convolution(deltaNet, 2L * deltaNet.keyWidth());
      case "decay.bias" -> whole("dt_bias");
      case "logDecayRate" -> whole("A_log");
      case "norm.weight" -> whole("norm.weight");
      case "output.weight" -> whole("out_proj.weight");
      default -> Optional.empty();
    };
  }

  private Optional<TensorView> convolution(GatedDeltaNet deltaNet, long firstChannel) {
    long taps = deltaNet.convolution();
    return Optional.of(
        new TensorView(
            name("conv1d.weight"),
            List.of(convolved(deltaNet), 1L, taps),
            firstChannel * taps,
            1,
            1));
  }

  private Optional<TensorView> packed(GatedDeltaNet deltaNet) {
    long keyDim = deltaNet.keyDim();
    long perKeyHead = deltaNet.numValueHeads() / deltaNet.numKeyHeads();
    long values = perKeyHead * deltaNet.valueDim();
    long step = 2 * keyDim + 2 * values;
    long rows = step * deltaNet.numKeyHeads();
    return switch (part) {
      case "query.weight" -> group("in_proj_qkvz.weight", rows, 0, keyDim, step);
      case "key.weight" -> group("in_proj_qkvz.weight", rows, keyDim, keyDim, step);
      case "value.weight" -> group("in_proj_qkvz.weight", rows, 2 * keyDim, values, step);
      case "gate.weight" -> group("in_proj_qkvz.weight", rows, 2 * keyDim + values, values, step);
      case "beta.weight" -> strengths(deltaNet, 0, perKeyHead);
      case "decay.weight" -> strengths(deltaNet, perKeyHead, perKeyHead);
      default -> Optional.empty();
    };
  }

  private Optional<TensorView> strengths(GatedDeltaNet deltaNet, long firstRow, long perKeyHead) {
    long rows = 2L * deltaNet.numValueHeads();
    return group("in_proj_ba.weight", rows, firstRow, perKeyHead, 2 * perKeyHead);
  }

  private Optional<TensorView> separate(GatedDeltaNet deltaNet) {
    long keys = deltaNet.keyWidth();
    return switch (part) {
      case "query.weight" -> band("in_proj_qkv.weight", convolved(deltaNet), 0);
      case "key.weight" -> band("in_proj_qkv.weight", convolved(deltaNet), keys);
      case "value.weight" -> band("in_proj_qkv.weight", convolved(deltaNet), 2 * keys);
      case "gate.weight" -> whole("in_proj_z.weight");
      case "beta.weight" -> whole("in_proj_b.weight");
      case "decay.weight" -> whole("in_proj_a.weight");
      default -> Optional.empty();
    };
  }

  private static long convolved(GatedDeltaNet deltaNet) {
    return 2L * deltaNet.keyWidth() + deltaNet.valueWidth();
  }

  private String name(String tensor) {
    return layer + ".linear_attn." + tensor;
  }

  private Optional<TensorView> whole(String tensor) {
    return Optional.of(TensorView.whole(name(tensor), parameter.shape()));
  }

  private Optional<TensorView> band(String tensor, long rows, long firstRow) {
    return Optional.of(TensorView.band(name(tensor), List.of(rows, hiddenSize), firstRow));
  }

  private Optional<TensorView> group(
      String tensor, long rows, long firstRow, long groupRows, long step) {
    return band(tensor, rows, firstRow).map(view -> view.inGroups(groupRows, step));
  }
}
