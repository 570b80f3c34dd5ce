package dev.jandaia.checkpoint;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the weights of a Hugging Face directory: {@code model.safetensors}, or shards {@code
 * model-00001-of-00003.safetensors} and the index that lists them.
 */
public final class HfDirectoryWriter {
  private static final Map<String, String> METADATA = Map.of("format", "pt");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private HfDirectoryWriter() {}

  /**
   * Writes all tensors; they fill shards in the order given, and one that is larger than a shard
   * has a shard of its own.
   *
   * @param maxShardBytes of tensor data in one file; what fits becomes a single file
   * @throws dev.jandaia.tensor.JandaiaException if a name comes twice or writing fails
   */
  public static void write(Path directory, List<TensorOutput> tensors, long maxShardBytes) {
    CountingOutput.requireDistinctNames(directory, tensors);
    List<List<TensorOutput>> shards = shards(tensors, maxShardBytes);
    if (shards.size() == 1) {
      SafetensorsWriter.write(directory.resolve(HfDirectory.SINGLE), METADATA, tensors);
      return;
    }
    ObjectNode index = JSON.createObjectNode();
    long total = tensors.stream().mapToLong(TensorOutput::byteSize).sum();
    index.putObject("metadata").put("total_size", total);
    ObjectNode weightMap = index.putObject(ShardIndex.WEIGHT_MAP);
    for (int i = 0; i < shards.size(); i++) {
      String file = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
      SafetensorsWriter.write(directory.resolve(file), METADATA, shards.get(i));
      shards.get(i).forEach(tensor -> weightMap.put(tensor.name(), file));
    }
    byte[] text = JSON.writeValueAsString(index).getBytes(StandardCharsets.UTF_8);
    NewFile.write(directory.resolve(ShardIndex.FILE_NAME), out -> out.write(text));
  }

  private static List<List<TensorOutput>> shards(List<TensorOutput> tensors, long maxBytes) {
    List<List<TensorOutput>> shards = new ArrayList<>();
    shards.add(new ArrayList<>());
    long bytes = 0;
    for (TensorOutput tensor : tensors) {
      if (bytes > 0 && bytes + tensor.byteSize() > maxBytes) {
        shards.add(new ArrayList<>());
        bytes = 0;
      }
      shards.getLast().add(tensor);
      bytes += tensor.byteSize();
    }
    return shards;
  }
}
