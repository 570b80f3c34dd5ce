package dev.jandaia.tensor.block;

import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** A codec written as the decoding and encoding of a single block. */
abstract class BlockFormat implements BlockCodec {
  private final DType dtype;

  BlockFormat(DType dtype) {
    this.dtype = dtype;
  }

  /** Decodes the block at byte {@code at} into {@code y} from {@code to}. */
  abstract void decodeBlock(MemorySegment block, long at, float[] y, int to);

  /** Encodes {@code x} from {@code from} into the block at byte {@code at}. */
  void encodeBlock(float[] x, int from, MemorySegment block, long at) {
    throw new JandaiaException(dtype + ": expected a type that can be encoded");
  }

  @Override
  public final DType dtype() {
    return dtype;
  }

  @Override
  public boolean canEncode() {
    return true;
  }

  @Override
  public final void decode(MemorySegment src, long srcOffset, float[] dst, int dstOffset, int n) {
    Objects.checkFromIndexSize(dstOffset, n, dst.length);
    Objects.checkFromIndexSize(srcOffset, dtype.bytesFor(n), src.byteSize());
    int size = dtype.blockSize();
    for (int i = 0; i < n / size; i++) {
      decodeBlock(src, srcOffset + (long) i * dtype.blockBytes(), dst, dstOffset + i * size);
    }
  }

  @Override
  public final void encode(float[] src, int srcOffset, MemorySegment dst, long dstOffset, int n) {
    Objects.checkFromIndexSize(srcOffset, n, src.length);
    Objects.checkFromIndexSize(dstOffset, dtype.bytesFor(n), dst.byteSize());
    int size = dtype.blockSize();
    for (int i = 0; i < n / size; i++) {
      requireFinite(src, srcOffset + i * size);
      encodeBlock(src, srcOffset + i * size, dst, dstOffset + (long) i * dtype.blockBytes());
    }
  }

  /** One infinity or NaN would poison the scale, and so the whole block. */
  private void requireFinite(float[] x, int from) {
    for (int i = from; dtype.isQuantised() && i < from + dtype.blockSize(); i++) {
      if (!Float.isFinite(x[i])) {
        throw new JandaiaException("%s: expected finite values, found %s".formatted(dtype, x[i]));
      }
    }
  }

  /** Writes a scale as binary16. */
  final void putScale(MemorySegment block, long at, float scale) {
    short half = Float.floatToFloat16(scale);
    if (!Float.isFinite(Float.float16ToFloat(half))) {
      throw new JandaiaException(
          "%s: expected a block scale within binary16, found %s".formatted(dtype, scale));
    }
    Bytes.putU16(block, at, half);
  }
}
