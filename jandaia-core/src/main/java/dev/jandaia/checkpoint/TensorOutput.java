package dev.jandaia.checkpoint;

import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import dev.jandaia.tensor.block.BlockCodec;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A tensor to be written. Its bytes are produced while the file is being written, so that a model
 * larger than memory can pass through.
 *
 * @param content writes exactly {@code dtype.bytesFor(shape.elements())} little-endian bytes
 */
public record TensorOutput(String name, DType dtype, Shape shape, Content content) {
  private static final int CHUNK_BYTES = 1 << 16;
  // A multiple of every block size.
  private static final int CHUNK_ELEMENTS = 1 << 14;

  /** Produces the bytes of a tensor. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Bytes that the tensor takes. */
  public long byteSize() {
    return dtype.bytesFor(shape.elements());
  }

  /** The tensor as it is. */
  public static TensorOutput of(Tensor tensor) {
    return new TensorOutput(
        tensor.name(), tensor.dtype(), tensor.shape(), out -> copy(tensor.data(), out));
  }

  /** Float32 values, row-major. */
  public static TensorOutput of(String name, Shape shape, float[] values) {
    if (shape.elements() != values.length) {
      throw new JandaiaException(
          "tensor %s %s: expected %d values, found %d"
              .formatted(name, shape, shape.elements(), values.length));
    }
    Tensor source = new Tensor(name, DType.F32, shape, Layout.littleEndian(values));
    return of(source);
  }

  /** The tensor decoded and encoded again as {@code target}, for instance quantised. */
  public static TensorOutput recoded(Tensor tensor, DType target) {
    if (tensor.dtype() == target) {
      return of(tensor);
    }
    BlockCodec encoder = BlockCodec.of(target);
    BlockCodec decoder = BlockCodec.of(tensor.dtype());
    if (!encoder.canEncode()) {
      throw new JandaiaException(
          "tensor %s: expected a type that can be encoded, found %s"
              .formatted(tensor.name(), target));
    }
    Layout.bytes("output", tensor.name(), target, tensor.shape());
    return new TensorOutput(
        tensor.name(), target, tensor.shape(), out -> recode(tensor, decoder, encoder, out));
  }

  private static void recode(
      Tensor tensor, BlockCodec decoder, BlockCodec encoder, OutputStream out) throws IOException {
    float[] values = new float[CHUNK_ELEMENTS];
    byte[] bytes = new byte[(int) encoder.dtype().bytesFor(CHUNK_ELEMENTS)];
    MemorySegment encoded = MemorySegment.ofArray(bytes);
    long elements = tensor.shape().elements();
    for (long done = 0; done < elements; done += CHUNK_ELEMENTS) {
      int n = (int) Math.min(CHUNK_ELEMENTS, elements - done);
      decoder.decode(tensor.data(), decoder.dtype().bytesFor(done), values, 0, n);
      encode(tensor.name(), encoder, values, encoded, n);
      out.write(bytes, 0, (int) encoder.dtype().bytesFor(n));
    }
  }

  private static void encode(
      String name, BlockCodec encoder, float[] values, MemorySegment encoded, int n) {
    try {
      encoder.encode(values, 0, encoded, 0, n);
    } catch (JandaiaException e) {
      throw new JandaiaException("tensor %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  private static void copy(MemorySegment data, OutputStream out) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    for (long at = 0; at < data.byteSize(); at += CHUNK_BYTES) {
      int n = (int) Math.min(CHUNK_BYTES, data.byteSize() - at);
      MemorySegment.copy(data, ValueLayout.JAVA_BYTE, at, chunk, 0, n);
      out.write(chunk, 0, n);
    }
  }
}
