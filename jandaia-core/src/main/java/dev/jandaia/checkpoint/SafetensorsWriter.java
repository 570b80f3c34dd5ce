package dev.jandaia.checkpoint;

import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes safetensors files. The same tensors and metadata give the same bytes whatever their order:
 * wide elements come first, so that everything stays aligned, then names decide.
 */
public final class SafetensorsWriter {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int ALIGNMENT = 8;
  private static final Comparator<TensorOutput> FILE_ORDER =
      Comparator.<TensorOutput>comparingInt(tensor -> -tensor.dtype().blockBytes())
          .thenComparing(TensorOutput::name);

  private SafetensorsWriter() {}

  /**
   * Writes a file, replacing an older one only when complete.
   *
   * @throws JandaiaException if a name comes twice, a type has no safetensors name, or writing
   *     fails
   */
  public static void write(Path target, Map<String, String> metadata, List<TensorOutput> tensors) {
    CountingOutput.requireDistinctNames(target, tensors);
    List<TensorOutput> ordered = tensors.stream().sorted(FILE_ORDER).toList();
    byte[] header = header(target, metadata, ordered).getBytes(StandardCharsets.UTF_8);
    NewFile.write(target, out -> write(out, header, ordered));
  }

  private static void write(OutputStream out, byte[] header, List<TensorOutput> ordered)
      throws IOException {
    CountingOutput counting = new CountingOutput(out);
    int padding = -header.length & (ALIGNMENT - 1);
    counting.write(
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length + padding)
            .array());
    counting.write(header);
    counting.pad(ALIGNMENT, ' ');
    for (TensorOutput tensor : ordered) {
      counting.writeTensor(tensor);
    }
  }

  private static String header(
      Path target, Map<String, String> metadata, List<TensorOutput> ordered) {
    ObjectNode root = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode node = root.putObject(SafetensorsHeader.METADATA);
      new TreeMap<>(metadata).forEach(node::put);
    }
    long offset = 0;
    for (TensorOutput tensor : ordered) {
      if (tensor.dtype().isQuantised() || tensor.name().equals(SafetensorsHeader.METADATA)) {
        throw new JandaiaException(
            "%s: tensor %s: expected a plain type and name, found %s"
                .formatted(target, tensor.name(), tensor.dtype()));
      }
      ObjectNode node = root.putObject(tensor.name()).put("dtype", tensor.dtype().name());
      node.set("shape", JSON.valueToTree(tensor.shape().toArray()));
      long end = offset + tensor.byteSize();
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    return root.toString();
  }
}
