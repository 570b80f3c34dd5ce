package dev.jandaia.family;

import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Experts of a layer in two tensors, outputs first: {@code gate_up_proj [E, 2F, C]}, all rows of
 * the gate before those of the linear path, and {@code down_proj [E, C, F]}.
 */
final class StackedExperts {
  private static final Pattern PATH =
      Pattern.compile("blocks\\.(\\d+)\\.feedForward\\.experts\\.(\\d+)\\.(gate|up|down)\\.weight");

  private StackedExperts() {}

  /** The place of an expert's matrix below {@code model.layers.N.mlp.experts}. */
  static Optional<TensorView> locate(ModelSpec spec, ParameterSpec parameter) {
    Matcher path = PATH.matcher(parameter.path());
    if (!path.matches()) {
      return Optional.empty();
    }
    int layer = Integer.parseInt(path.group(1));
    MixtureOfExperts moe = (MixtureOfExperts) spec.blocks().get(layer).feedForward();
    boolean fused = !path.group(3).equals("down");
    long rows = parameter.shape().getFirst();
    long columns = parameter.shape().getLast();
    long expertRows = fused ? 2 * rows : rows;
    long firstRow =
        Long.parseLong(path.group(2)) * expertRows + (path.group(3).equals("up") ? rows : 0);
    String tensor =
        "model.layers.%d.mlp.experts.%s".formatted(layer, fused ? "gate_up_proj" : "down_proj");
    List<Long> stored = List.of((long) moe.numExperts(), expertRows, columns);
    return Optional.of(new TensorView(tensor, stored, firstRow * columns, columns, 1));
  }
}
