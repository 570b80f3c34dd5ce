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
import java.util.List;
import java.util.stream.LongStream;

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
    BlockCodec encoder = codec(tensor, target);
    BlockCodec decoder = codec(tensor, tensor.dtype());
    if (!encoder.canEncode()) {
      throw new JandaiaException(
          "tensor %s: expected a type that can be encoded, found %s"
              .formatted(tensor.name(), target));
    }
    Layout.bytes("recoded", tensor.name(), target, tensor.shape());
    return new TensorOutput(
        tensor.name(), target, tensor.shape(), out -> recode(tensor, decoder, encoder, out));
  }

  private static void recode(
      Tensor tensor, BlockCodec decoder, BlockCodec encoder, OutputStream out) throws IOException {
    long chunks = Math.ceilDiv(tensor.shape().elements(), (long) CHUNK_ELEMENTS);
    // Searching for good scales is slow: a batch of chunks keeps every processor busy.
    int batch = 2 * Runtime.getRuntime().availableProcessors();
    for (long first = 0; first < chunks; first += batch) {
      List<byte[]> encoded =
          LongStream.range(first, Math.min(first + batch, chunks))
              .parallel()
              .mapToObj(chunk -> recode(tensor, decoder, encoder, chunk))
              .toList();
      for (byte[] bytes : encoded) {
        out.write(bytes);
      }
    }
  }

  private static byte[] recode(Tensor tensor, BlockCodec decoder, BlockCodec encoder, long chunk) {
    long first = chunk * CHUNK_ELEMENTS;
    int n = (int) Math.min(CHUNK_ELEMENTS, tensor.shape().elements() - first);
    float[] values = new float[n];
    byte[] encoded = new byte[(int) encoder.dtype().bytesFor(n)];
    decoder.decode(tensor.data(), decoder.dtype().bytesFor(first), values, 0, n);
    try {
      encoder.encode(values, 0, MemorySegment.ofArray(encoded), 0, n);
    } catch (JandaiaException e) {
      throw new JandaiaException("tensor %s: %s".formatted(tensor.name(), e.getMessage()), e);
    }
    return encoded;
  }

  private static BlockCodec codec(Tensor tensor, DType dtype) {
    try {
      return BlockCodec.of(dtype);
    } catch (JandaiaException e) {
      throw new JandaiaException("tensor %s: %s".formatted(tensor.name(), e.getMessage()), e);
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
