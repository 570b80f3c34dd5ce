package dev.jandaia.convert;

import dev.jandaia.checkpoint.TensorOutput;
import dev.jandaia.family.Families;
import dev.jandaia.family.Family;
import dev.jandaia.family.TensorView;
import dev.jandaia.load.LoadedModel;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.spec.count.Parameters;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import dev.jandaia.tensor.block.BlockCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The parameters of one model as the tensors of another: those that changed are computed, the
 * others are those of the first, bit by bit where they have a tensor to themselves.
 */
final class ParameterTensors {
  private final LoadedModel from;
  private final ModelSpec to;
  private final Map<String, Supplier<float[]>> changed;
  private final Storage storage;
  private final Map<String, DType> types = new HashMap<>();

  /** A parameter and its place. */
  private record Part(ParameterSpec parameter, TensorView view) {}

  /**
   * @param changed values by path of the new model; every other path is one of the old model
   */
  ParameterTensors(
      LoadedModel from, ModelSpec to, Map<String, Supplier<float[]>> changed, Storage storage) {
    this.from = from;
    this.to = to;
    this.changed = changed;
    this.storage = storage;
    Family family = Families.of(from.spec().family());
    for (ParameterSpec parameter : Parameters.of(from.spec())) {
      family.candidates(from.spec(), parameter).stream()
          .map(view -> from.source().tensors().get(view.tensor()))
          .filter(tensor -> tensor != null)
          .findFirst()
          .ifPresent(tensor -> types.put(parameter.path(), tensor.dtype()));
    }
  }

  List<TensorOutput> outputs() {
    Family family = Families.of(to.family());
    Map<String, List<Part>> parts = new LinkedHashMap<>();
    for (ParameterSpec parameter : Parameters.of(to)) {
      TensorView view =
          family
              .locate(to, parameter)
              .orElseThrow(() ->
                  new JandaiaException(
                      "%s: parameter %s: this family has no place for it"
                          .formatted(family.name(), parameter.path())));
      parts.computeIfAbsent(view.tensor(), _ -> new ArrayList<>()).add(new Part(parameter, view));
    }
    List<TensorOutput> outputs = new ArrayList<>();
    parts.forEach((name, inside) -> outputs.add(output(name, inside)));
    return outputs;
  }

  private TensorOutput output(String name, List<Part> parts) {
    Part first = parts.getFirst();
    List<Long> dims = first.view().storedShape();
    Shape shape = Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
    if (parts.size() == 1 && isAsBefore(first)) {
      Tensor tensor = matrix(first.parameter());
      return storage.stored(new Tensor(name, tensor.dtype(), shape, tensor.data()));
    }
    return storage.computed(name, shape, type(first.parameter()), () -> whole(parts, shape));
  }

  /** A matrix that did not change and has a tensor to itself. */
  private boolean isAsBefore(Part part) {
    ParameterSpec parameter = part.parameter();
    return !changed.containsKey(parameter.path())
        && parameter.shape().size() == 2
        && part.view().isContiguous(parameter.shape())
        && part.view().storedElements() == parameter.elements();
  }

  /** New parameters have the type of the old model's first matrix. */
  private DType type(ParameterSpec parameter) {
    DType type = types.getOrDefault(parameter.path(), types.get("embedding.tokens.weight"));
    return type.isQuantised() ? DType.F32 : type;
  }

  private float[] whole(List<Part> parts, Shape shape) {
    float[] all = new float[Math.toIntExact(shape.elements())];
    for (Part part : parts) {
      float[] values = values(part.parameter());
      int cols = part.parameter().shape().size() == 1 ? 1 : part.parameter().shape().getLast();
      for (int i = 0; i < values.length; i++) {
        all[Math.toIntExact(part.view().element(i / cols, i % cols))] = values[i];
      }
    }
    return all;
  }

  private float[] values(ParameterSpec parameter) {
    Supplier<float[]> computed = changed.get(parameter.path());
    return computed == null ? old(from, parameter) : computed.get();
  }

  private Tensor matrix(ParameterSpec parameter) {
    return from.weights()
        .matrix(parameter.path(), parameter.shape().getFirst(), parameter.shape().getLast())
        .tensor();
  }

  /** The values of a parameter of the old model. */
  static float[] old(LoadedModel from, ParameterSpec parameter) {
    List<Integer> shape = parameter.shape();
    return shape.size() == 1
        ? from.weights().vector(parameter.path(), shape.getFirst()).values()
        : BlockCodec.floats(
            from.weights().matrix(parameter.path(), shape.getFirst(), shape.getLast()).tensor());
  }
}
