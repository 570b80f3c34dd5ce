package dev.jandaia.family;

import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where checkpoints keep the experts that have all of a layer in one tensor, the gates before the
 * ups: {@code gate_up_proj} and {@code down_proj}.
 *
 * @param stem of the tensors of a layer, {@code #} standing for its index
 * @param inputsFirst whether they are {@code [E, C, 2F]} and {@code [E, F, C]} rather than {@code
 *     [E, 2F, C]} and {@code [E, C, F]}
 */
record ExpertStacks(String stem, boolean inputsFirst) {
  /** As transformers holds the experts of most families in memory. */
  static final ExpertStacks MLP = new ExpertStacks("model.layers.#.mlp.experts", false);

  private static final Pattern PATH =
      Pattern.compile(
          "blocks\\.(\\d+)\\.feedForward\\.(?:moe\\.)?experts\\.(\\d+)\\.(gate|up|down)\\.weight");

  /** The place of an expert's matrix; empty for other parameters. */
  Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    Matcher path = PATH.matcher(parameter.path());
    if (!path.matches()) {
      return Optional.empty();
    }
    String layer = path.group(1);
    MixtureOfExperts moe =
        MixtureOfExperts.in(spec.blocks().get(Integer.parseInt(layer)).feedForward()).orElseThrow();
    boolean fused = !path.group(3).equals("down");
    long outputs = parameter.shape().getFirst() * (fused ? 2L : 1L);
    long inputs = parameter.shape().getLast();
    long firstOutput = path.group(3).equals("up") ? outputs / 2 : 0;
    long origin = Long.parseLong(path.group(2)) * inputs * outputs;
    String tensor = stem.replace("#", layer) + (fused ? ".gate_up_proj" : ".down_proj");
    long experts = moe.numExperts();
    return Optional.of(
        inputsFirst
            ? new TensorView(
                tensor, List.of(experts, inputs, outputs), origin + firstOutput, 1, outputs)
            : new TensorView(
                tensor,
                List.of(experts, outputs, inputs),
                origin + firstOutput * inputs,
                inputs,
                1));
  }
}
