package dev.jandaia.convert;

import dev.jandaia.checkpoint.TensorOutput;
import dev.jandaia.family.PlannedTensor;
import dev.jandaia.load.CheckpointWeights;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import dev.jandaia.tensor.block.BlockCodec;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A tensor of a file, filled from the parameters of a loaded model. Where they lie in the file as
 * they lie in memory they are recoded piece by piece; else the whole tensor is put together first,
 * in f32, while it is being written.
 */
final class FilledTensor {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final PlannedTensor tensor;
  private final Shape shape;
  private final CheckpointWeights weights;

  FilledTensor(PlannedTensor tensor, Shape shape, CheckpointWeights weights) {
    this.tensor = tensor;
    this.shape = shape;
    this.weights = weights;
  }

  TensorOutput output(DType type) {
    return switch (tensor) {
      case PlannedTensor.Constant constant ->
          TensorOutput.of(constant.name(), shape, constant.floats());
      case PlannedTensor.Filled(String name, _, var sources) when tensor.isTable() ->
          new TensorOutput(
              name,
              type == DType.I32 ? DType.I32 : DType.I64,
              shape,
              out -> writeTable(sources.getFirst().parameter(), type, out));
      case PlannedTensor.Filled(String name, _, var sources) ->
          new TensorOutput(
              name,
              type,
              shape,
              lieInOrder(sources)
                  ? out -> writePieces(sources, type, out)
                  : out -> writeWhole(sources, type, out));
    };
  }

  /** Whole numbers stay what they are, whatever type of floats is asked for. */
  private void writeTable(ParameterSpec table, DType type, OutputStream out) throws IOException {
    int cols = table.shape().getLast();
    int[] values =
        weights.integers(table.path(), table.shape().getFirst(), cols, Integer.MAX_VALUE);
    ByteBuffer row = ByteBuffer.allocate(cols * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i += cols) {
      row.clear();
      for (int c = 0; c < cols; c++) {
        if (type == DType.I32) {
          row.putInt(values[i + c]);
        } else {
          row.putLong(values[i + c]);
        }
      }
      out.write(row.array(), 0, row.position());
    }
  }

  /** Whether the parameters one after another are the tensor. */
  private boolean lieInOrder(List<PlannedTensor.Source> sources) {
    long at = 0;
    for (PlannedTensor.Source source : sources) {
      ParameterSpec parameter = source.parameter();
      boolean plain =
          parameter.shape().size() == 2
              && source.isPlain()
              && source.view().isContiguous(parameter.shape())
              && source.view().offset() == at
              && parameter.shape().getLast() == shape.dim(-1);
      if (!plain) {
        return false;
      }
      at += parameter.elements();
    }
    return at == shape.elements();
  }

  private void writePieces(List<PlannedTensor.Source> sources, DType type, OutputStream out)
      throws IOException {
    for (PlannedTensor.Source source : sources) {
      TensorOutput.recoded(matrix(source.parameter()), type).content().writeTo(out);
    }
  }

  private void writeWhole(List<PlannedTensor.Source> sources, DType type, OutputStream out)
      throws IOException {
    // shared, because encoding uses several threads
    try (Arena arena = Arena.ofShared()) {
      MemorySegment data = arena.allocate(DType.F32.bytesFor(shape.elements()), 64);
      sources.forEach(source -> fill(source, data));
      Tensor whole = new Tensor(tensor.name(), DType.F32, shape, data);
      TensorOutput.recoded(whole, type).content().writeTo(out);
    }
  }

  private void fill(PlannedTensor.Source source, MemorySegment data) {
    ParameterSpec parameter = source.parameter();
    float[] row = new float[parameter.shape().size() == 1 ? 1 : parameter.shape().getLast()];
    for (int r = 0; r < source.rows(); r++) {
      read(parameter, source.firstRow() + r, row);
      for (int c = 0; c < source.cols(); c++) {
        float value = source.change().apply(row[source.firstCol() + c]);
        data.setAtIndex(FLOAT, source.element(r, c), value);
      }
    }
  }

  private void read(ParameterSpec parameter, int r, float[] row) {
    if (parameter.shape().size() == 1) {
      row[0] = weights.vector(parameter.path(), parameter.shape().getFirst()).values()[r];
      return;
    }
    Tensor matrix = matrix(parameter);
    long rowBytes = matrix.dtype().bytesFor(row.length);
    BlockCodec.of(matrix.dtype()).decode(matrix.data(), r * rowBytes, row, 0, row.length);
  }

  private Tensor matrix(ParameterSpec parameter) {
    return weights
        .matrix(parameter.path(), parameter.shape().getFirst(), parameter.shape().getLast())
        .tensor();
  }
}
