package dev.jandaia.checkpoint;

import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of a Hugging Face directory: {@code model.safetensors}, or the shards that {@code
 * model.safetensors.index.json} lists.
 */
public final class HfDirectory implements WeightSource {
  static final String SINGLE = "model.safetensors";

  private final Path directory;
  private final List<SafetensorsFile> shards = new ArrayList<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private HfDirectory(Path directory) {
    this.directory = directory;
  }

  /**
   * Maps all shards.
   *
   * @throws JandaiaException if there are no weights, a shard is missing or bad, or the index
   *     promises a tensor that its shard lacks
   */
  public static HfDirectory open(Path directory) {
    HfDirectory opened = new HfDirectory(directory);
    try {
      opened.openShards();
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private void openShards() {
    Path single = directory.resolve(SINGLE);
    Path index = directory.resolve(ShardIndex.FILE_NAME);
    if (Files.exists(single)) {
      tensors.putAll(shard(single).tensors());
    } else if (Files.exists(index)) {
      openIndexed(ShardIndex.read(index));
    } else {
      throw new JandaiaException(
          "%s: expected %s or %s, found neither%s"
              .formatted(directory, SINGLE, ShardIndex.FILE_NAME, hint()));
    }
  }

  private String hint() {
    boolean pickled =
        Files.exists(directory.resolve("pytorch_model.bin"))
            || Files.exists(directory.resolve("pytorch_model.bin.index.json"));
    return pickled ? " (pytorch_model.bin is not read: convert it to safetensors)" : "";
  }

  private void openIndexed(ShardIndex index) {
    for (String file : index.files()) {
      SafetensorsFile shard = shard(directory.resolve(file));
      shard.tensors().values().stream()
          .filter(tensor -> index.fileOf(tensor.name()).equals(file))
          .forEach(tensor -> tensors.put(tensor.name(), tensor));
    }
    index
        .names()
        .forEach(name -> {
          if (!tensors.containsKey(name)) {
            throw new JandaiaException(
                "%s: expected tensor %s, which %s promises, found none"
                    .formatted(
                        directory.resolve(index.fileOf(name)),
                        Text.quote(name),
                        ShardIndex.FILE_NAME));
          }
        });
  }

  private SafetensorsFile shard(Path path) {
    SafetensorsFile shard = SafetensorsFile.open(path);
    shards.add(shard);
    return shard;
  }

  @Override
  public String origin() {
    return directory.toString();
  }

  @Override
  public Map<String, Tensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  @Override
  public void close() {
    shards.forEach(SafetensorsFile::close);
  }
}
