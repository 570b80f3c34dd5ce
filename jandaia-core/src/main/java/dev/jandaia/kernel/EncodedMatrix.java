package dev.jandaia.kernel;

import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Tensor;
import dev.jandaia.tensor.block.BlockCodec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The stored bytes of a matrix {@code [rows, cols]} and how to turn parts of a row into floats. */
final class EncodedMatrix {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  final MemorySegment data;
  final DType dtype;
  final int rows;
  final int cols;
  private final long rowBytes;
  private final BlockCodec codec;

  EncodedMatrix(Tensor matrix) {
    if (matrix.shape().rank() != 2) {
      throw new JandaiaException(
          "tensor %s: expected a matrix, found shape %s".formatted(matrix.name(), matrix.shape()));
    }
    data = matrix.data();
    dtype = matrix.dtype();
    rows = Math.toIntExact(matrix.shape().dim(0));
    cols = Math.toIntExact(matrix.shape().dim(1));
    rowBytes = dtype.bytesFor(cols);
    codec = BlockCodec.of(dtype);
  }

  /** The byte at which column {@code col}, the first of a block, starts. */
  long at(int row, int col) {
    return row * rowBytes + (long) col / dtype.blockSize() * dtype.blockBytes();
  }

  /** Lets the system take the pages of a mapped file back until they are read again. */
  void unload() {
    if (data.isMapped()) {
      data.unload();
    }
  }

  /** Decodes columns [fromCol, fromCol + n) of a row; both ends lie on block boundaries. */
  void decode(int row, int fromCol, float[] out, int outOffset, int n) {
    if (dtype == DType.F32) {
      MemorySegment.copy(data, FLOAT, at(row, fromCol), out, outOffset, n);
    } else {
      codec.decode(data, at(row, fromCol), out, outOffset, n);
    }
  }
}
