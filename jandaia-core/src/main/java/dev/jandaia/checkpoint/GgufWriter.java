package dev.jandaia.checkpoint;

import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes GGUF files of version 3, metadata and tensors in the order given. */
public final class GgufWriter {
  private static final int VERSION = 3;
  // Other readers keep names in 64 bytes with a terminator.
  private static final int LONGEST_NAME = 63;
  private static final int MOST_DIMS = 4;

  private final GgufOutput out;
  private final Map<String, GgufValue> metadata;
  private final List<TensorOutput> tensors;
  private final long alignment;

  private GgufWriter(
      OutputStream out, Map<String, GgufValue> metadata, List<TensorOutput> tensors) {
    this.out = new GgufOutput(out);
    this.metadata = metadata;
    this.tensors = tensors;
    this.alignment = alignment(metadata);
  }

  /**
   * Writes a file, replacing an older one only when complete. The alignment of the data is the
   * metadata's {@code general.alignment}, or 32.
   *
   * @throws JandaiaException if a name comes twice or is too long for other readers, a tensor has a
   *     type or rank that GGUF lacks, a number does not fit its type, or writing fails
   */
  public static void write(
      Path target, Map<String, GgufValue> metadata, List<TensorOutput> tensors) {
    CountingOutput.requireDistinctNames(target, tensors);
    tensors.forEach(GgufWriter::requireValid);
    NewFile.write(target, out -> new GgufWriter(out, metadata, tensors).write());
  }

  private static void requireValid(TensorOutput tensor) {
    int nameBytes = tensor.name().getBytes(StandardCharsets.UTF_8).length;
    if (nameBytes > LONGEST_NAME || tensor.shape().rank() > MOST_DIMS) {
      throw new JandaiaException(
          "tensor %s %s: expected a name of at most %d bytes and at most %d axes, found %d and %d"
              .formatted(
                  Text.quote(tensor.name()),
                  tensor.shape(),
                  LONGEST_NAME,
                  MOST_DIMS,
                  nameBytes,
                  tensor.shape().rank()));
    }
  }

  private static long alignment(Map<String, GgufValue> metadata) {
    GgufValue value = metadata.get(GgufHeader.ALIGNMENT);
    if (value == null) {
      return GgufHeader.DEFAULT_ALIGNMENT;
    }
    if (value.value() instanceof Long alignment && alignment > 0 && Long.bitCount(alignment) == 1) {
      return alignment;
    }
    throw new JandaiaException(
        "%s: expected a power of two, found %s".formatted(GgufHeader.ALIGNMENT, value.value()));
  }

  private void write() throws IOException {
    out.integer(GgufHeader.MAGIC, 4);
    out.integer(VERSION, 4);
    out.integer(tensors.size(), 8);
    out.integer(metadata.size(), 8);
    for (Map.Entry<String, GgufValue> pair : metadata.entrySet()) {
      out.pair(pair.getKey(), pair.getValue());
    }
    long offset = 0;
    for (TensorOutput tensor : tensors) {
      writeInfo(tensor, offset);
      offset += (tensor.byteSize() + alignment - 1) / alignment * alignment;
    }
    CountingOutput data = out.stream();
    data.pad(alignment, 0);
    for (TensorOutput tensor : tensors) {
      data.writeTensor(tensor);
      data.pad(alignment, 0);
    }
  }

  /** GGUF writes the innermost extent first. */
  private void writeInfo(TensorOutput tensor, long offset) throws IOException {
    Shape shape = tensor.shape();
    out.string(tensor.name());
    out.integer(shape.rank(), 4);
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      out.integer(shape.dim(axis), 8);
    }
    out.integer(GgmlTypes.id(tensor.name(), tensor.dtype()), 4);
    out.integer(offset, 8);
  }
}
