package dev.jandaia.checkpoint;

import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The arithmetic of shapes and sizes that files claim, with errors that name the tensor. */
final class Layout {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Layout() {}

  static Shape shape(String origin, String name, long[] dims) {
    try {
      return Shape.of(dims);
    } catch (JandaiaException e) {
      throw new JandaiaException(
          "%s: tensor %s: %s".formatted(origin, Text.quote(name), e.getMessage()), e);
    }
  }

  /** The bytes that a tensor takes; rows are whole blocks. */
  static long bytes(String origin, String name, DType dtype, Shape shape) {
    if (shape.rank() > 0 && shape.dim(-1) % dtype.blockSize() != 0) {
      throw new JandaiaException(
          "%s: tensor %s: expected rows of a multiple of %d elements (%s), found shape %s"
              .formatted(origin, Text.quote(name), dtype.blockSize(), dtype, shape));
    }
    try {
      return dtype.bytesFor(shape.elements());
    } catch (ArithmeticException | JandaiaException e) {
      throw new JandaiaException(
          "%s: tensor %s: expected a size in bytes below 2^63 and whole blocks, found %s %s"
              .formatted(origin, Text.quote(name), dtype, shape),
          e);
    }
  }

  static void requireBytes(String origin, String name, DType dtype, Shape shape, long found) {
    long expected = bytes(origin, name, dtype, shape);
    if (expected != found) {
      throw new JandaiaException(
          "%s: tensor %s %s %s: expected %d bytes, found %d"
              .formatted(origin, Text.quote(name), dtype, shape, expected, found));
    }
  }

  /** A copy of the values in the byte order of every file format here. */
  static MemorySegment littleEndian(float[] values) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[Math.multiplyExact(values.length, 4)]);
    MemorySegment.copy(values, 0, bytes, FLOAT, 0, values.length);
    return bytes;
  }
}
