package dev.jandaia.train;

import dev.jandaia.checkpoint.GgufValue;
import dev.jandaia.checkpoint.GgufWriter;
import dev.jandaia.checkpoint.TensorOutput;
import dev.jandaia.family.GgufExport;
import dev.jandaia.family.PlannedTensor;
import dev.jandaia.load.StoredTensors;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a model whose parameters are in memory as one GGUF file. */
public final class GgufModelFile {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private GgufModelFile() {}

  /**
   * Writes the file, replacing an older one only when complete.
   *
   * @param values of every parameter
   * @param matrices how matrices are stored; vectors stay f32
   * @param further metadata after those that describe the architecture: name, tokenizer
   * @throws dev.jandaia.tensor.JandaiaException if GGUF cannot express the model or writing fails
   */
  public static void write(
      Path file,
      ModelSpec spec,
      StoredTensors.Values values,
      DType matrices,
      Map<String, GgufValue> further) {
    GgufExport export = GgufExport.of(spec);
    Map<String, GgufValue> metadata = new LinkedHashMap<>();
    export.metadata().forEach((key, value) -> metadata.put(key, GgufValue.usual(value)));
    metadata.putAll(further);
    List<TensorOutput> tensors =
        export.tensors().stream().map(tensor -> output(tensor, values, matrices)).toList();
    GgufWriter.write(file, metadata, tensors);
  }

  private static TensorOutput output(
      PlannedTensor tensor, StoredTensors.Values values, DType matrices) {
    Shape shape = Shape.of(tensor.shape().stream().mapToLong(Long::longValue).toArray());
    MemorySegment data = MemorySegment.ofArray(new byte[Math.toIntExact(4 * shape.elements())]);
    switch (tensor) {
      case PlannedTensor.Constant constant ->
          MemorySegment.copy(constant.floats(), 0, data, FLOAT, 0, constant.values().size());
      case PlannedTensor.Filled filled ->
          filled.sources().forEach(source -> fill(source, values.of(source.parameter()), data));
    }
    Tensor plain = new Tensor(tensor.name(), DType.F32, shape, data);
    return TensorOutput.recoded(plain, shape.rank() == 1 ? DType.F32 : matrices);
  }

  private static void fill(PlannedTensor.Source source, float[] values, MemorySegment data) {
    List<Integer> shape = source.parameter().shape();
    int cols = shape.size() == 1 ? 1 : shape.getLast();
    for (int r = 0; r < source.rows(); r++) {
      int first = (source.firstRow() + r) * cols;
      for (int c = 0; c < cols; c++) {
        data.setAtIndex(FLOAT, source.element(r, c), source.change().apply(values[first + c]));
      }
    }
  }
}
