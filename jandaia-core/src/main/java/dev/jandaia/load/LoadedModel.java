package dev.jandaia.load;

import dev.jandaia.checkpoint.GgufFile;
import dev.jandaia.checkpoint.HfDirectory;
import dev.jandaia.checkpoint.WeightSource;
import dev.jandaia.family.Config;
import dev.jandaia.family.Families;
import dev.jandaia.family.Family;
import dev.jandaia.family.GgufFamilies;
import dev.jandaia.family.GgufModel;
import dev.jandaia.family.GgufNames;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.Parameters;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.block.BlockCodec;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

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
      StoredPlaces places,
      Predicate<String> surplus,
      WeightSource source,
      Kernels kernels,
      Arena arena) {
    this.spec = spec;
    this.source = source;
    this.arena = arena;
    this.weights = new CheckpointWeights(spec, source, places, kernels, arena);
    this.model = new LanguageModel(spec, weights);
    this.unread = weights.unread().stream().filter(surplus.negate()).toList();
  }

  /**
   * Opens whatever lies at {@code path}: a Hugging Face directory or a GGUF file.
   *
   * @throws JandaiaException if a file is missing or damaged, or the architecture is not known
   */
  public static LoadedModel open(Path path, Kernels kernels) {
    if (Files.isDirectory(path)) {
      return openDirectory(path, Config.read(path.resolve("config.json")), kernels);
    }
    return openGguf(openFile(path), kernels);
  }

  /**
   * Opens a GGUF file.
   *
   * @throws JandaiaException if there is none at {@code path}, or it is damaged
   */
  public static GgufFile openFile(Path path) {
    if (!Files.exists(path)) {
      throw new JandaiaException(
          path + ": expected a model directory or a GGUF file, found nothing");
    }
    if (!GgufFile.isGguf(path)) {
      throw new JandaiaException(path + ": expected a model directory or a GGUF file");
    }
    return GgufFile.open(path);
  }

  /** Opens a Hugging Face directory under a config of the caller's choice. */
  public static LoadedModel openDirectory(Path directory, Config config, Kernels kernels) {
    Family family = Families.of(config);
    ModelSpec described = Families.spec(config);
    return closingOnFailure(
        HfDirectory.open(directory),
        (source, arena) -> {
          ModelSpec spec = present(described, family, source);
          return new LoadedModel(
              spec,
              StoredPlaces.hub(spec, family),
              name -> family.isSurplus(spec, name),
              source,
              kernels,
              arena);
        });
  }

  /**
   * What a config says, without modules for further tokens where the checkpoint has nothing of
   * them: many that were trained further have lost them.
   */
  private static ModelSpec present(ModelSpec spec, Family family, WeightSource source) {
    boolean any =
        Parameters.ofPrediction(spec).stream()
            .flatMap(parameter -> family.predictionCandidates(spec, parameter).stream())
            .anyMatch(view -> source.tensors().containsKey(view.tensor()));
    return any ? spec : spec.withoutPrediction();
  }

  /** Makes a model of an open GGUF file, which it will close. */
  public static LoadedModel openGguf(GgufFile file, Kernels kernels) {
    return closingOnFailure(
        file,
        (source, arena) -> {
          ModelSpec spec = GgufFamilies.spec(header(file));
          return new LoadedModel(
              spec,
              StoredPlaces.gguf(spec),
              name -> GgufNames.isSurplus(spec, name),
              source,
              kernels,
              arena);
        });
  }

  /** What an architecture depends on in a GGUF file. */
  public static GgufModel header(GgufFile file) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    file.tensors()
        .forEach((name, tensor) ->
            shapes.put(name, Arrays.stream(tensor.shape().toArray()).boxed().toList()));
    return new GgufModel(
        file.origin(),
        file.metadata(),
        shapes,
        name -> Optional.ofNullable(file.tensors().get(name)).map(BlockCodec::floats));
  }

  private interface Opening {
    LoadedModel open(WeightSource source, Arena arena);
  }

  private static LoadedModel closingOnFailure(WeightSource source, Opening opening) {
    Arena arena = Arena.ofShared();
    try {
      return opening.open(source, arena);
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
