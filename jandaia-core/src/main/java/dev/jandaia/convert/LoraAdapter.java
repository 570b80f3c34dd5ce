package dev.jandaia.convert;

import dev.jandaia.checkpoint.SafetensorsFile;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A LoRA adapter as PEFT saves it: the tensors of each module, and those saved whole. */
final class LoraAdapter implements AutoCloseable {
  private static final String PREFIX = "base_model.model.";
  private static final String CONFIG = "adapter_config.json";
  private static final String WEIGHTS = "adapter_model.safetensors";

  private final LoraConfig config;
  private final SafetensorsFile file;
  private final Map<String, Update> updates = new TreeMap<>();
  private final Map<String, Tensor> replaced = new TreeMap<>();

  /**
   * The matrices of one module.
   *
   * @param a {@code [r, in]}, of an embedding {@code [r, V]}
   * @param b {@code [out, r]}, of an embedding {@code [C, r]}
   * @param magnitude {@code [out]}, the lengths of rows; only with DoRA
   * @param embedding whether the module is a table, stored {@code [V, C]}
   */
  record Update(Tensor a, Tensor b, Optional<Tensor> magnitude, boolean embedding) {}

  private LoraAdapter(LoraConfig config, SafetensorsFile file) {
    this.config = config;
    this.file = file;
  }

  /**
   * Opens an adapter's directory.
   *
   * @throws JandaiaException if a file is missing or bad, or it asks for what is not merged
   */
  static LoraAdapter open(Path directory) {
    Path configFile = directory.resolve(CONFIG);
    if (!Files.exists(configFile) || !Files.exists(directory.resolve(WEIGHTS))) {
      throw new JandaiaException(
          "%s: expected %s and %s, found %s"
              .formatted(
                  directory,
                  CONFIG,
                  WEIGHTS,
                  Files.exists(configFile) ? "only the first" : "no " + CONFIG));
    }
    LoraConfig config = LoraConfig.read(configFile, JsonFiles.read(configFile));
    SafetensorsFile file = SafetensorsFile.open(directory.resolve(WEIGHTS));
    try {
      LoraAdapter adapter = new LoraAdapter(config, file);
      adapter.sort();
      return adapter;
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private void sort() {
    Set<String> modules = new TreeSet<>();
    Set<String> embeddings = new TreeSet<>();
    for (Tensor tensor : file.tensors().values()) {
      String name = tensor.name();
      if (!name.startsWith(PREFIX)) {
        throw bad(name, "a name that begins with " + PREFIX);
      }
      String inside = name.substring(PREFIX.length());
      int lora = inside.indexOf(".lora_");
      if (lora < 0) {
        replaced.put(inside, tensor);
      } else if (inside.startsWith(".lora_embedding_", lora)) {
        embeddings.add(inside.substring(0, lora));
      } else if (inside
          .substring(lora)
          .matches("\\.lora_(A\\.weight|B\\.weight|magnitude_vector(\\.weight)?)")) {
        modules.add(inside.substring(0, lora));
      } else {
        throw bad(name, "lora_A, lora_B, lora_magnitude_vector or lora_embedding_A and _B");
      }
    }
    modules.forEach(module -> updates.put(module, linear(module)));
    embeddings.forEach(module -> updates.put(module, table(module)));
    if (updates.isEmpty()) {
      throw new JandaiaException(file.origin() + ": expected lora_A and lora_B, found neither");
    }
  }

  private Update linear(String module) {
    String stem = PREFIX + module + ".lora_";
    Tensor a = file.tensor(stem + "A.weight");
    Tensor b = file.tensor(stem + "B.weight");
    requireRank(module, a, b);
    Optional<Tensor> magnitude =
        Optional.ofNullable(file.tensors().get(stem + "magnitude_vector"))
            .or(() -> Optional.ofNullable(file.tensors().get(stem + "magnitude_vector.weight")));
    if (magnitude.isPresent() != config.magnitudes()) {
      throw bad(
          stem + "magnitude_vector",
          config.magnitudes()
              ? "this tensor, as use_dora says"
              : "no such tensor without use_dora");
    }
    return new Update(a, b, magnitude, false);
  }

  private Update table(String module) {
    if (config.magnitudes()) {
      throw bad(module, "no embedding together with use_dora");
    }
    Tensor a = file.tensor(PREFIX + module + ".lora_embedding_A");
    Tensor b = file.tensor(PREFIX + module + ".lora_embedding_B");
    requireRank(module, a, b);
    return new Update(a, b, Optional.empty(), true);
  }

  private void requireRank(String module, Tensor a, Tensor b) {
    int rank = config.rank(module);
    boolean fits =
        a.shape().rank() == 2
            && b.shape().rank() == 2
            && a.shape().dim(0) == rank
            && b.shape().dim(1) == rank;
    if (!fits) {
      throw new JandaiaException(
          "%s: module %s: expected matrices [%d, in] and [out, %d], found %s and %s"
              .formatted(file.origin(), module, rank, rank, a.shape(), b.shape()));
    }
  }

  private JandaiaException bad(String name, String expected) {
    return new JandaiaException(
        "%s: tensor %s: expected %s".formatted(file.origin(), name, expected));
  }

  LoraConfig config() {
    return config;
  }

  /** By module of the base model: {@code model.layers.0.self_attn.q_proj}. */
  Map<String, Update> updates() {
    return updates;
  }

  /** Tensors that take the place of the base model's, by their name there. */
  Map<String, Tensor> replaced() {
    return replaced;
  }

  String origin() {
    return file.origin();
  }

  @Override
  public void close() {
    file.close();
  }
}
