package dev.jandaia.family;

import java.util.List;

/**
 * Where a checkpoint keeps a parameter: an affine window on one stored tensor, counted in elements
 * of its row-major layout.
 *
 * <p>{@code parameter[r][c] = stored[offset + r·rowStride + c·colStride]}. A parameter that is a
 * vector [n] is a matrix [n, 1]: element r is {@code stored[offset + r·rowStride]} and colStride is
 * 1. The same window serves reading and writing, so fused and transposed tensors are filled by
 * writing every parameter that lives in them.
 *
 * @param tensor name of the stored tensor
 * @param storedShape shape of the stored tensor, outermost first
 * @param offset element of the parameter's origin
 * @param rowStride elements from one row of the parameter to the next
 * @param colStride elements from one column of the parameter to the next
 */
public record TensorView(
    String tensor, List<Long> storedShape, long offset, long rowStride, long colStride) {
  public TensorView {
    storedShape = List.copyOf(storedShape);
  }

  /** The whole stored tensor: a vector [n] or a matrix [rows, columns] just as it is. */
  public static TensorView whole(String tensor, List<Integer> shape) {
    long columns = shape.size() == 1 ? 1 : shape.getLast();
    return new TensorView(tensor, longs(shape), 0, columns, 1);
  }

  /** The transpose of a stored matrix [columns, rows]. */
  public static TensorView transposed(String tensor, List<Integer> shape) {
    return new TensorView(tensor, longs(shape.reversed()), 0, 1, shape.getFirst());
  }

  /** The same window on a tensor of another name. */
  public TensorView renamed(String name) {
    return new TensorView(name, storedShape, offset, rowStride, colStride);
  }

  /**
   * Whether a parameter of this shape occupies consecutive elements in row-major order, so that it
   * can be mapped from the file without a copy.
   */
  public boolean isContiguous(List<Integer> shape) {
    long columns = shape.size() == 1 ? 1 : shape.getLast();
    return rowStride == columns && colStride == 1;
  }

  /** Elements of the stored tensor. */
  public long storedElements() {
    return storedShape.stream().reduce(1L, Math::multiplyExact);
  }

  private static List<Long> longs(List<Integer> shape) {
    return shape.stream().map(Integer::longValue).toList();
  }
}
