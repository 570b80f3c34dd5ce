package dev.jandaia.family;

import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where gpt-oss keeps its experts: all of a layer in one tensor, gate and up in alternating
 * columns.
 *
 * <ul>
 *   <li>{@code gate_up_proj [E, C, 2F]}, {@code gate_up_proj_bias [E, 2F]}: inputs first.
 *   <li>{@code down_proj [E, F, C]}, {@code down_proj_bias [E, C]}: inputs first.
 *   <li>As published, in MXFP4: {@code gate_up_proj_blocks} and {@code gate_up_proj_scales},
 *       together {@code [E, 2F, C]}, and {@code down_proj_blocks}/{@code _scales}, {@code [E, C,
 *       F]}: outputs first. A view names the blocks and counts elements, not bytes.
 * </ul>
 */
final class GptOssExperts {
  private static final Pattern PATH =
      Pattern.compile(
          "blocks\\.(\\d+)\\.feedForward\\.experts\\.(\\d+)\\.(gate|up|down)\\.(weight|bias)");

  private GptOssExperts() {}

  static Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    Matcher path = PATH.matcher(parameter.path());
    if (!path.matches()) {
      return Optional.empty();
    }
    int layer = Integer.parseInt(path.group(1));
    MixtureOfExperts moe = (MixtureOfExperts) spec.blocks().get(layer).feedForward();
    long experts = moe.numExperts();
    long expert = Long.parseLong(path.group(2));
    boolean fused = !path.group(3).equals("down");
    long outputs = parameter.shape().getFirst() * (fused ? 2L : 1L);
    long step = fused ? 2 : 1;
    long first = path.group(3).equals("up") ? 1 : 0;
    String tensor =
        "model.layers.%d.mlp.experts.%s".formatted(layer, fused ? "gate_up_proj" : "down_proj");
    if (path.group(4).equals("bias")) {
      return Optional.of(
          new TensorView(
              tensor + "_bias", List.of(experts, outputs), expert * outputs + first, step, 1));
    }
    long inputs = parameter.shape().getLast();
    return Optional.of(
        new TensorView(
            tensor,
            List.of(experts, inputs, outputs),
            expert * inputs * outputs + first,
            step,
            outputs));
  }

  /** The plain tensor, then the quantised one. */
  static List<TensorView> candidates(TensorView plain, ParameterSpec parameter) {
    if (plain.storedShape().size() < 3) {
      return List.of(plain);
    }
    long inputs = plain.storedShape().get(1);
    long outputs = plain.storedShape().get(2);
    long step = plain.rowStride();
    long first = plain.offset() % 2 * (step - 1);
    long expert = plain.offset() / (inputs * outputs);
    TensorView quantised =
        new TensorView(
            plain.tensor() + "_blocks",
            List.of(plain.storedShape().getFirst(), outputs, inputs),
            (expert * outputs + first) * inputs,
            step * inputs,
            1);
    return List.of(plain, quantised);
  }
}
