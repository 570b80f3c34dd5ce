package dev.jandaia.load;

import dev.jandaia.checkpoint.WeightSource;
import dev.jandaia.family.ValueChange;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.model.Weights;
import dev.jandaia.op.MatrixParameter;
import dev.jandaia.op.VectorParameter;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.spec.count.Parameters;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Tensor;
import dev.jandaia.tensor.block.BlockCodec;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The parameters of a checkpoint, mapped from its files wherever their layout allows. */
public final class CheckpointWeights implements Weights {
  private final Map<String, ParameterSpec> specs = new HashMap<>();
  private final Map<String, MatrixParameter> matrices = new HashMap<>();
  private final Map<String, VectorParameter> vectors = new HashMap<>();
  private final ParameterReader reader;
  private final StoredPlaces places;
  private final Kernels kernels;

  /**
   * @param places where the checkpoint keeps each parameter
   * @param arena owns what has to be copied
   */
  public CheckpointWeights(
      ModelSpec spec, WeightSource source, StoredPlaces places, Kernels kernels, Arena arena) {
    Parameters.of(spec).forEach(parameter -> specs.put(parameter.path(), parameter));
    Parameters.ofPrediction(spec).forEach(parameter -> specs.put(parameter.path(), parameter));
    this.reader = new ParameterReader(source, places, arena);
    this.places = places;
    this.kernels = kernels;
  }

  @Override
  public MatrixParameter matrix(String path, int rows, int cols) {
    return matrices.computeIfAbsent(
        path,
        _ -> new MatrixParameter(path, reader.read(parameter(path, List.of(rows, cols))), kernels));
  }

  @Override
  public VectorParameter vector(String path, int size) {
    return vectors.computeIfAbsent(path, _ -> readVector(elements(path, size)));
  }

  @Override
  public int[] integers(String path, int rows, int cols, int limit) {
    Tensor tensor = reader.read(parameter(path, List.of(rows, cols)));
    return WholeNumbers.read(tensor, rows * cols, limit);
  }

  /** The type in which the checkpoint stores a parameter, or the first piece of one. */
  public DType dtype(ParameterSpec parameter) {
    return reader.dtype(parameter);
  }

  /** Names of the stored tensors that no parameter has read. */
  public List<String> unread() {
    return reader.unread();
  }

  private VectorParameter readVector(ParameterSpec parameter) {
    float[] values = BlockCodec.floats(reader.read(parameter));
    ValueChange back = places.change(parameter).inverse();
    for (int i = 0; i < values.length && back != ValueChange.NONE; i++) {
      values[i] = back.apply(values[i]);
    }
    return new VectorParameter(parameter.path(), values);
  }

  /**
   * The spec's own idea of the parameter; that the executor asks for the same shape is an invariant
   * of this code.
   */
  private ParameterSpec parameter(String path, List<Integer> shape) {
    ParameterSpec parameter = specs.get(path);
    if (parameter == null || !parameter.shape().equals(shape)) {
      throw new IllegalStateException(
          "%s: the executor asks for %s, the spec lists %s".formatted(path, shape, parameter));
    }
    return parameter;
  }

  /** As {@link #parameter}, of any shape with so many elements. */
  private ParameterSpec elements(String path, int size) {
    ParameterSpec parameter = specs.get(path);
    if (parameter == null || parameter.elements() != size) {
      throw new IllegalStateException(
          "%s: the executor asks for %d elements, the spec lists %s"
              .formatted(path, size, parameter));
    }
    return parameter;
  }
}
