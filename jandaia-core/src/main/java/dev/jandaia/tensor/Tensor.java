package dev.jandaia.tensor;

import java.lang.foreign.MemorySegment;

/**
 * A named, immutable view of stored elements: row-major, innermost axis contiguous. The memory
 * belongs to whoever opened it (a mapped file, an arena); a tensor never copies it.
 *
 * @param name the name in the checkpoint, used in error messages
 * @param dtype how the elements are stored
 * @param shape extents, outermost first
 * @param data exactly {@code dtype.bytesFor(shape.elements())} bytes, little-endian
 */
public record Tensor(String name, DType dtype, Shape shape, MemorySegment data) {

  public Tensor {
    long expected = dtype.bytesFor(shape.elements());
    if (data.byteSize() != expected) {
      throw new JandaiaException(
          "tensor %s %s %s: expected %d bytes, found %d"
              .formatted(name, dtype, shape, expected, data.byteSize()));
    }
    if (shape.rank() > 0 && shape.dim(-1) % dtype.blockSize() != 0) {
      throw new JandaiaException(
          "tensor %s: %s needs rows of a multiple of %d elements, found %s"
              .formatted(name, dtype, dtype.blockSize(), shape));
    }
  }

  /**
   * The matrix at index {@code i} of the outermost axis: {@code [E, M, N] → [M, N]}, sharing
   * memory.
   */
  public Tensor slice(long i) {
    long[] dims = shape.toArray();
    long[] inner = java.util.Arrays.copyOfRange(dims, 1, dims.length);
    return rows(i, 1).reshape(inner);
  }

  /** {@code count} consecutive entries of the outermost axis from {@code first}, sharing memory. */
  public Tensor rows(long first, long count) {
    long[] dims = shape.toArray();
    if (first < 0 || count < 0 || first + count > dims[0]) {
      throw new IndexOutOfBoundsException(
          "rows %d..%d of tensor %s %s".formatted(first, first + count, name, shape));
    }
    long rowBytes = dims[0] == 0 ? 0 : data.byteSize() / dims[0];
    dims[0] = count;
    return new Tensor(
        name, dtype, Shape.of(dims), data.asSlice(first * rowBytes, count * rowBytes));
  }

  /** The same elements under another shape of equal size. */
  public Tensor reshape(long... dims) {
    return new Tensor(name, dtype, Shape.of(dims), data);
  }

  /** The same elements under another name. */
  public Tensor named(String newName) {
    return new Tensor(newName, dtype, shape, data);
  }
}
