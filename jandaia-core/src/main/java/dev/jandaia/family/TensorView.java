package dev.jandaia.family;

import java.util.List;

/**
 * Where a checkpoint keeps a parameter: an affine window on one stored tensor, counted in elements
 * of its row-major layout.
 *
 * <p>{@code parameter[r][c] = stored[offset + r·rowStride + c·colStride]}. A parameter that is a
 * vector [n] is a matrix [n, 1]: element r is {@code stored[offset + r·rowStride]} and colStride is
 * 1. Where heads of several parameters take turns, its rows come in groups: row r is row r %
 * groupRows of group r / groupRows, and {@code groupStride} elements lie between groups. The same
 * window serves reading and writing, so fused and transposed tensors are filled by writing every
 * parameter that lives in them.
 *
 * @param tensor name of the stored tensor
 * @param storedShape shape of the stored tensor, outermost first
 * @param offset element of the parameter's origin
 * @param rowStride elements from one row of the parameter to the next
 * @param colStride elements from one column of the parameter to the next
 * @param groupRows rows of a group; {@link Long#MAX_VALUE} when all rows are evenly spaced
 * @param groupStride elements from one group to the next
 */
public record TensorView(
    String tensor,
    List<Long> storedShape,
    long offset,
    long rowStride,
    long colStride,
    long groupRows,
    long groupStride) {
  public TensorView {
    storedShape = List.copyOf(storedShape);
  }

  /** A window whose rows are evenly spaced. */
  public TensorView(
      String tensor, List<Long> storedShape, long offset, long rowStride, long colStride) {
    this(tensor, storedShape, offset, rowStride, colStride, Long.MAX_VALUE, 0);
  }

  /** The rows from {@code firstRow} on of a stored matrix {@code [rows, columns]} or vector. */
  public static TensorView band(String tensor, List<Long> storedShape, long firstRow) {
    long columns = storedShape.size() == 1 ? 1 : storedShape.getLast();
    return new TensorView(tensor, storedShape, firstRow * columns, columns, 1);
  }

  /** This window with {@code rows} of every {@code step} rows of the stored tensor. */
  public TensorView inGroups(long rows, long step) {
    return new TensorView(
        tensor, storedShape, offset, rowStride, colStride, rows, step * rowStride);
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
    return new TensorView(name, storedShape, offset, rowStride, colStride, groupRows, groupStride);
  }

  /**
   * Whether a parameter of this shape occupies consecutive elements in row-major order, so that it
   * can be mapped from the file without a copy.
   */
  public boolean isContiguous(List<Integer> shape) {
    long columns = shape.size() == 1 ? 1 : shape.getLast();
    boolean even = shape.getFirst() <= groupRows || groupStride == groupRows * rowStride;
    return rowStride == columns && colStride == 1 && even;
  }

  /** Index of a parameter's element in the stored tensor. */
  public long element(long row, long col) {
    return offset + row / groupRows * groupStride + row % groupRows * rowStride + col * colStride;
  }

  /** Elements of the stored tensor. */
  public long storedElements() {
    return storedShape.stream().reduce(1L, Math::multiplyExact);
  }

  private static List<Long> longs(List<Integer> shape) {
    return shape.stream().map(Integer::longValue).toList();
  }
}
