package dev.jandaia.model;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.op.MatrixParameter;
import dev.jandaia.op.VectorParameter;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Tensor;
import dev.jandaia.tensor.block.BlockCodec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/**
 * Random weights whose matrices are stored as a file of a quantised model has them: those whose
 * rows are whole blocks.
 */
record QuantisedWeights(
    Weights plain, DType dtype, Kernels kernels, Map<String, MatrixParameter> matrices)
    implements Weights {

  static QuantisedWeights of(DType dtype, Kernels kernels) {
    return new QuantisedWeights(RandomModel.weights(kernels), dtype, kernels, new HashMap<>());
  }

  @Override
  public MatrixParameter matrix(String path, int rows, int cols) {
    return matrices.computeIfAbsent(path, unused -> make(path, rows, cols));
  }

  private MatrixParameter make(String path, int rows, int cols) {
    MatrixParameter parameter = plain.matrix(path, rows, cols);
    if (cols % dtype.blockSize() != 0) {
      return parameter;
    }
    Tensor tensor = parameter.tensor();
    float[] values = tensor.data().toArray(ValueLayout.JAVA_FLOAT);
    MemorySegment stored = Arena.ofAuto().allocate(dtype.bytesFor(values.length), 64);
    BlockCodec.of(dtype).encode(values, 0, stored, 0, values.length);
    return new MatrixParameter(path, new Tensor(path, dtype, tensor.shape(), stored), kernels);
  }

  @Override
  public VectorParameter vector(String path, int size) {
    return plain.vector(path, size);
  }

  @Override
  public int[] integers(String path, int rows, int cols, int limit) {
    return plain.integers(path, rows, cols, limit);
  }
}
