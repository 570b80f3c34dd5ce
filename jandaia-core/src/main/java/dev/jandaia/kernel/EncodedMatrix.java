package dev.jandaia.kernel;

import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The stored bytes of a matrix {@code [rows, cols]} and how to turn parts of a row into floats. */
final class EncodedMatrix {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  final MemorySegment data;
  final DType dtype;
  final int rows;
  final int cols;
  final long rowBytes;

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
  }

  /** Decodes columns [fromCol, fromCol + n) of a row; both ends lie on block boundaries. */
  void decode(int row, int fromCol, float[] out, int outOffset, int n) {
    long at = row * rowBytes + dtype.bytesFor(fromCol);
    switch (dtype) {
      case F32 -> MemorySegment.copy(data, FLOAT, at, out, outOffset, n);
      case F16 -> {
        for (int i = 0; i < n; i++) {
          out[outOffset + i] = Float.float16ToFloat(data.get(SHORT, at + 2L * i));
        }
      }
      case BF16 -> {
        for (int i = 0; i < n; i++) {
          out[outOffset + i] = Float.intBitsToFloat(data.get(SHORT, at + 2L * i) << 16);
        }
      }
      default -> throw new JandaiaException("no kernel for weights stored as " + dtype);
    }
  }
}
