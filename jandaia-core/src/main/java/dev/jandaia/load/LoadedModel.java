package dev.jandaia.load;

import dev.jandaia.checkpoint.HfDirectory;
import dev.jandaia.checkpoint.WeightSource;
import dev.jandaia.family.Config;
import dev.jandaia.family.Families;
import dev.jandaia.family.Family;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.spec.ModelSpec;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;

/** A model opened from files: its spec, its executable form, and the memory both live in. */
public final class LoadedModel implements AutoCloseable {
  private final ModelSpec spec;
  private final LanguageModel model;
  private final CheckpointWeights weights;
  private final List<String> unread;
  private final WeightSource source;
  private final Arena arena;

  private LoadedModel(
      ModelSpec spec,
      LanguageModel model,
      CheckpointWeights weights,
      List<String> unread,
      WeightSource source,
      Arena arena) {
    this.spec = spec;
    this.model = model;
    this.weights = weights;
    this.unread = unread;
    this.source = source;
    this.arena = arena;
  }

  /**
   * Opens whatever lies at {@code path}: a Hugging Face directory.
   *
   * @throws dev.jandaia.tensor.JandaiaException if a file is missing or damaged, or the
   *     architecture is not known
   */
  public static LoadedModel open(Path path, Kernels kernels) {
    return openDirectory(path, Config.read(path.resolve("config.json")), kernels);
  }

  /**
   * Opens a Hugging Face directory under a config of the caller's choice.
   *
   * @throws dev.jandaia.tensor.JandaiaException if a file is missing or damaged, or the
   *     architecture is not known
   */
  public static LoadedModel openDirectory(Path directory, Config config, Kernels kernels) {
    Family family = Families.of(config);
    ModelSpec spec = Families.spec(config);
    WeightSource source = HfDirectory.open(directory);
    Arena arena = Arena.ofShared();
    try {
      CheckpointWeights weights =
          new CheckpointWeights(
              spec, source, parameter -> family.candidates(spec, parameter), kernels, arena);
      LanguageModel model = new LanguageModel(spec, weights);
      List<String> unread =
          weights.unread().stream().filter(name -> !family.isSurplus(spec, name)).toList();
      return new LoadedModel(spec, model, weights, unread, source, arena);
    } catch (RuntimeException e) {
      arena.close();
      source.close();
      throw e;
    }
  }

  public ModelSpec spec() {
    return spec;
  }

  public LanguageModel model() {
    return model;
  }

  /** The parameters as stored. */
  public CheckpointWeights weights() {
    return weights;
  }

  /** Stored tensors that the architecture has no use for. */
  public List<String> unread() {
    return unread;
  }

  public WeightSource source() {
    return source;
  }

  @Override
  public void close() {
    arena.close();
    source.close();
  }
}
