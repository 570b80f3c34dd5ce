package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** Turns stored elements into floats and back. Stateless, safe to share between threads. */
public interface BlockCodec {

  /**
   * The codec of a floating-point or block-quantised type.
   *
   * @throws JandaiaException for integer types, whose elements are not weights
   */
  static BlockCodec of(DType dtype) {
    return BlockFormats.of(dtype);
  }

  /**
   * All elements of a tensor, row-major.
   *
   * @throws JandaiaException for integer types
   */
  static float[] floats(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.shape().elements())];
    decode(tensor, values);
    return values;
  }

  /** Decodes the first {@code values.length} elements of a tensor. */
  static void decode(Tensor tensor, float[] values) {
    of(tensor.dtype()).decode(tensor.data(), 0, values, 0, values.length);
  }

  /** The type that this codec reads and writes. */
  DType dtype();

  /**
   * Decodes {@code n} elements, allocating nothing.
   *
   * @param src stored blocks
   * @param srcOffset where the first block starts, in bytes
   * @param dst receives {@code n} values from {@code dstOffset}
   * @param n a multiple of {@link DType#blockSize}
   */
  void decode(MemorySegment src, long srcOffset, float[] dst, int dstOffset, int n);

  /** Whether {@link #encode} is implemented; every type can be decoded. */
  boolean canEncode();

  /**
   * Encodes {@code n} values, rounding to what the type can hold.
   *
   * @param n a multiple of {@link DType#blockSize}
   * @throws JandaiaException if the type cannot be encoded, or a block-quantised type meets a value
   *     that is not finite or too large for its scale
   */
  void encode(float[] src, int srcOffset, MemorySegment dst, long dstOffset, int n);
}
