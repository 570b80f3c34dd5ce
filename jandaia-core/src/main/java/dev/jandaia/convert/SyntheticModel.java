package dev.jandaia.convert;

import dev.jandaia.checkpoint.GgufValue;
import dev.jandaia.checkpoint.GgufWriter;
import dev.jandaia.checkpoint.TensorOutput;
import dev.jandaia.family.GgufExport;
import dev.jandaia.family.PlannedTensor;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * A GGUF file with the exact shape of a model and random weights, for measuring speed where no
 * checkpoint is at hand: speed does not depend on the values. Other programs read it too.
 */
public final class SyntheticModel {
  private static final int QUANTISATION_VERSION = 2;

  private final Map<String, GgufValue> metadata = new LinkedHashMap<>();
  private final List<TensorOutput> tensors;

  /**
   * Plans the file.
   *
   * @param name of the model, for {@code general.name}
   * @param seed of the weights
   * @throws dev.jandaia.tensor.JandaiaException if GGUF cannot express the model
   */
  public SyntheticModel(String name, ModelSpec spec, GgufMix mix, long seed) {
    GgufExport export = GgufExport.of(spec);
    export.metadata().forEach((key, value) -> metadata.put(key, GgufValue.usual(value)));
    metadata.put("general.name", GgufValue.of(name));
    metadata.put("general.file_type", GgufValue.u32(mix.fileType()));
    metadata.put("general.quantization_version", GgufValue.u32(QUANTISATION_VERSION));
    metadata.putAll(SyntheticTokenizer.metadata(spec.vocabSize()));
    SyntheticTensors random = new SyntheticTensors(seed);
    tensors = export.tensors().stream().map(tensor -> output(tensor, spec, mix, random)).toList();
  }

  private static TensorOutput output(
      PlannedTensor tensor, ModelSpec spec, GgufMix mix, SyntheticTensors random) {
    Shape shape = Shape.of(tensor.shape().stream().mapToLong(Long::longValue).toArray());
    return switch (tensor) {
      case PlannedTensor.Constant constant ->
          TensorOutput.of(constant.name(), shape, constant.floats());
      case PlannedTensor.Filled filled when filled.isTable() -> table(filled.name(), shape, spec);
      case PlannedTensor.Filled filled -> {
        DType type = mix.typeOf(filled.name(), shape, spec);
        yield random.tensor(filled.name(), type, shape);
      }
    };
  }

  /** Experts by token: neighbours, so that none is chosen twice. */
  private static TensorOutput table(String name, Shape shape, ModelSpec spec) {
    int experts = GgufMix.experts(spec);
    int chosen = (int) shape.dim(1);
    return new TensorOutput(
        name,
        DType.I32,
        shape,
        out -> {
          ByteBuffer row = ByteBuffer.allocate(chosen * Integer.BYTES);
          row.order(ByteOrder.LITTLE_ENDIAN);
          for (int token = 0; token < shape.dim(0); token++) {
            row.clear();
            for (int i = 0; i < chosen; i++) {
              row.putInt((token + i) % experts);
            }
            out.write(row.array());
          }
        });
  }

  /** Bytes of all tensors. */
  public long bytes() {
    return tensors.stream().mapToLong(TensorOutput::byteSize).sum();
  }

  /**
   * Writes the file, replacing an older one only when complete. Never more than a piece of a tensor
   * is in memory.
   *
   * @param written told after each tensor how many bytes of tensors are written
   * @throws dev.jandaia.tensor.JandaiaException if writing fails
   */
  public void write(Path file, LongConsumer written) {
    long[] done = {0};
    List<TensorOutput> reporting =
        tensors.stream().map(tensor -> reporting(tensor, done, written)).toList();
    GgufWriter.write(file, metadata, reporting);
  }

  private static TensorOutput reporting(TensorOutput tensor, long[] done, LongConsumer written) {
    return new TensorOutput(
        tensor.name(),
        tensor.dtype(),
        tensor.shape(),
        out -> {
          tensor.content().writeTo(out);
          done[0] += tensor.byteSize();
          written.accept(done[0]);
        });
  }
}
