package dev.jandaia.load;

import dev.jandaia.checkpoint.TensorOutput;
import dev.jandaia.family.Family;
import dev.jandaia.family.TensorView;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.spec.count.Parameters;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values by parameter path, arranged as the tensors that a family's checkpoints hold: the way back
 * of {@link ParameterReader}.
 */
public final class StoredTensors {
  private StoredTensors() {}

  /** The values of parameters. */
  public interface Values {
    /** All elements of one parameter, row-major. */
    float[] of(ParameterSpec parameter);
  }

  /**
   * Arranges all parameters of a model; those that share a stored tensor each fill their part of
   * it.
   *
   * @param prefix put before every tensor's name
   */
  public static List<TensorOutput> arrange(
      ModelSpec spec, Family family, List<ParameterSpec> parameters, String prefix, Values values) {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    for (ParameterSpec parameter : parameters) {
      TensorView view =
          family
              .locate(spec, parameter)
              .orElseThrow(() ->
                  new JandaiaException(
                      "%s: parameter %s: this family has no place for it"
                          .formatted(family.name(), parameter.path())));
      shapes.put(view.tensor(), view.storedShape());
      float[] target =
          tensors.computeIfAbsent(
              view.tensor(), _ -> new float[Math.toIntExact(view.storedElements())]);
      fill(parameter, view, values.of(parameter), target);
    }
    List<TensorOutput> outputs = new ArrayList<>();
    tensors.forEach((name, elements) ->
        outputs.add(TensorOutput.of(prefix + name, shape(shapes.get(name)), elements)));
    return outputs;
  }

  /** All parameters of a model. */
  public static List<TensorOutput> arrange(ModelSpec spec, Family family, Values values) {
    return arrange(spec, family, Parameters.of(spec), "", values);
  }

  private static void fill(
      ParameterSpec parameter, TensorView view, float[] values, float[] target) {
    int rows = parameter.shape().getFirst();
    int cols = parameter.shape().size() == 1 ? 1 : parameter.shape().getLast();
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < cols; c++) {
        target[(int) view.element(r, c)] = values[r * cols + c];
      }
    }
  }

  private static Shape shape(List<Long> dims) {
    return Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
  }
}
