package dev.jandaia.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.jandaia.kernel.emitted.FloatProducts;
import dev.jandaia.machinecode.NativeMemory;
import dev.jandaia.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A weight matrix of floats, multiplied by machine code from where it lies; or a small one of
 * another encoding, decoded once: as floats too it stays in the processor's cache.
 */
final class FloatWeight implements WeightMatrix {
  private final FloatProducts products;
  private final EncodedMatrix matrix;
  private final MemorySegment floats;

  FloatWeight(FloatProducts products, EncodedMatrix matrix) {
    this.products = products;
    this.matrix = matrix;
    this.floats = matrix.dtype == DType.F32 ? matrix.data : decoded(matrix);
  }

  private static MemorySegment decoded(EncodedMatrix matrix) {
    MemorySegment floats = NativeMemory.allocate(4L * matrix.rows * matrix.cols, Arena.ofAuto());
    float[] row = new float[matrix.cols];
    for (int r = 0; r < matrix.rows; r++) {
      matrix.decode(r, 0, row, 0, matrix.cols);
      MemorySegment.copy(row, 0, floats, JAVA_FLOAT, 4L * r * matrix.cols, matrix.cols);
    }
    return floats;
  }

  /** Whether machine code is trusted and can count the elements. */
  static boolean serves(FloatProducts products, EncodedMatrix matrix) {
    return (long) matrix.rows * matrix.cols <= Integer.MAX_VALUE
        && matrix.cols <= products.mostColumns()
        && products.areTrusted();
  }

  @Override
  public int rows() {
    return matrix.rows;
  }

  @Override
  public int cols() {
    return matrix.cols;
  }

  @Override
  public DType dtype() {
    return matrix.dtype;
  }

  @Override
  public long bytes() {
    return floats.byteSize();
  }

  @Override
  public void multiply(
      float[] x,
      int xOffset,
      int xStride,
      int m,
      float[] y,
      int yOffset,
      int yStride,
      int fromRow,
      int toRow) {
    int cols = matrix.cols;
    products.dots(
        x,
        xOffset,
        xStride,
        m,
        floats,
        fromRow * cols,
        cols,
        toRow - fromRow,
        cols,
        y,
        yOffset + fromRow,
        yStride);
  }

  @Override
  public void multiplyTransposed(
      float[] x,
      int xOffset,
      int xStride,
      int m,
      float[] y,
      int yOffset,
      int yStride,
      int fromRow,
      int toRow,
      int fromCol,
      int toCol) {
    int cols = matrix.cols;
    products.addSums(
        x,
        xOffset,
        xStride,
        m,
        floats,
        fromRow * cols + fromCol,
        cols,
        toRow - fromRow,
        toCol - fromCol,
        y,
        yOffset + fromCol,
        yStride);
  }

  @Override
  public void decodeRow(int row, float[] out, int outOffset) {
    matrix.decode(row, 0, out, outOffset, matrix.cols);
  }
}
