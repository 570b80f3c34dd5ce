package dev.jandaia.convert;

import dev.jandaia.checkpoint.HfDirectory;
import dev.jandaia.checkpoint.HfDirectoryWriter;
import dev.jandaia.checkpoint.NewDirectory;
import dev.jandaia.checkpoint.TensorOutput;
import dev.jandaia.checkpoint.WeightSource;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.load.LoadedModel;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One Hugging Face directory from another: converted, in another type, in other shards. Tokenizer
 * and other small files come along. The new directory appears when it is complete.
 *
 * @param conversion what happens to the model
 * @param type that floating-point tensors get; empty leaves each as it is
 * @param maxShardBytes of one file of weights
 */
public record DirectoryConversion(Conversion conversion, Optional<DType> type, long maxShardBytes) {
  private static final String CONFIG = "config.json";
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  public DirectoryConversion {
    if (maxShardBytes < 1) {
      throw new JandaiaException("max-shard-size: expected at least 1, found " + maxShardBytes);
    }
  }

  /**
   * Converts a model.
   *
   * @return what is known of the loss without running the models, a line each
   * @throws JandaiaException if {@code from} is not such a directory or cannot be converted in this
   *     way, or {@code to} exists
   */
  public List<String> convert(Path from, Path to) {
    NewDirectory.requirePossible(to);
    if (!Files.isDirectory(from) || !Files.exists(from.resolve(CONFIG))) {
      throw new JandaiaException(from + ": expected a directory with config.json");
    }
    ObjectNode config = JsonFiles.read(from.resolve(CONFIG));
    if (config.has("quantization_config")) {
      throw new JandaiaException(
          from.resolve(CONFIG)
              + ": quantization_config: expected plain weights, found "
              + config.get("quantization_config").path("quant_method").asString("quantised ones"));
    }
    Storage storage = new Storage(type);
    return switch (conversion) {
      case Conversion.Unchanged _ -> unchanged(from, to, config, storage);
      case Conversion.MergeLora(Path directory) -> merge(from, to, config, directory, storage);
      case Conversion.PoolHeads(int heads) -> {
        try (LoadedModel loaded = open(from)) {
          yield write(loaded, PooledHeads.of(loaded, config, heads, storage), from, to);
        }
      }
      case Conversion.Latent latent -> {
        try (LoadedModel loaded = open(from)) {
          yield write(loaded, new LatentFactors(loaded, latent).convert(config, storage), from, to);
        }
      }
    };
  }

  /** Through the scalar kernels, which use weights where they lie. */
  private static LoadedModel open(Path from) {
    return LoadedModel.open(from, Kernels.scalar());
  }

  private List<String> unchanged(Path from, Path to, ObjectNode config, Storage storage) {
    try (WeightSource source = HfDirectory.open(from)) {
      List<TensorOutput> tensors = source.tensors().values().stream().map(storage::stored).toList();
      return write(new Converted(config, tensors, List.of()), from, to);
    }
  }

  private List<String> merge(
      Path from, Path to, ObjectNode config, Path directory, Storage storage) {
    try (WeightSource source = HfDirectory.open(from);
        LoraAdapter adapter = LoraAdapter.open(directory)) {
      return write(new LoraMerge(source, adapter, storage).merge(config), from, to);
    }
  }

  private List<String> write(LoadedModel loaded, Converted converted, Path from, Path to) {
    List<String> facts = new ArrayList<>(write(converted, from, to));
    if (!loaded.unread().isEmpty()) {
      facts.add(
          "%d tensors that the architecture does not name are left behind, the first %s"
              .formatted(loaded.unread().size(), loaded.unread().getFirst()));
    }
    return facts;
  }

  private List<String> write(Converted converted, Path from, Path to) {
    ObjectNode config = converted.config();
    type.ifPresent(asked -> config.put(typeField(config), Storage.torchName(asked)));
    NewDirectory.write(
        to,
        directory -> {
          HfDirectoryWriter.write(directory, converted.tensors(), maxShardBytes);
          byte[] text = JSON.writeValueAsString(config).getBytes(StandardCharsets.UTF_8);
          Files.write(directory.resolve(CONFIG), text);
          Companions.copy(from, directory);
        });
    return converted.facts();
  }

  private static String typeField(ObjectNode config) {
    return config.has("dtype") ? "dtype" : "torch_dtype";
  }
}
