package dev.jandaia.atlas;

import dev.jandaia.checkpoint.GgufFile;
import dev.jandaia.family.Config;
import dev.jandaia.family.Families;
import dev.jandaia.family.GgufFamilies;
import dev.jandaia.load.LoadedModel;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A model to compare.
 *
 * @param name what to call it; unique within one comparison
 * @param spec its architecture
 * @param weights the Hugging Face directory or GGUF file that holds its weights, if there is one
 * @param published what its publisher says about it, if it is of the {@link Gallery}
 */
public record Subject(
    String name, ModelSpec spec, Optional<Path> weights, Optional<Gallery.Published> published) {

  /** An architecture alone. */
  public static Subject of(String name, ModelSpec spec) {
    return new Subject(name, spec, Optional.empty(), Optional.empty());
  }

  /** A published model of the {@link Gallery}. */
  public static Subject published(String name) {
    ModelSpec spec = Gallery.spec(name);
    String entry = Gallery.config(name).source();
    return new Subject(entry, spec, Optional.empty(), Optional.of(Gallery.published(name)));
  }

  /**
   * Whatever lies at {@code path}: a Hugging Face directory, a GGUF file or a config.json.
   *
   * @throws JandaiaException if it is none of these or the architecture is not known
   */
  public static Subject at(Path path) {
    if (Files.isDirectory(path)) {
      ModelSpec spec = Families.spec(Config.read(path.resolve("config.json")));
      return of(name(path), spec).with(Optional.of(path).filter(Subject::holdsWeights));
    }
    if (Files.exists(path) && GgufFile.isGguf(path)) {
      try (GgufFile file = GgufFile.open(path)) {
        ModelSpec spec = GgufFamilies.spec(LoadedModel.header(file));
        return of(name(path), spec).with(Optional.of(path));
      }
    }
    return of(name(path), Families.spec(Config.read(path)));
  }

  /** The subjects, later ones of a name that is taken called {@code name (2)}. */
  public static List<Subject> distinct(List<Subject> subjects) {
    List<Subject> renamed = new ArrayList<>();
    List<String> taken = new ArrayList<>();
    for (Subject subject : subjects) {
      String name = subject.name;
      for (int i = 2; taken.contains(name); i++) {
        name = "%s (%d)".formatted(subject.name, i);
      }
      taken.add(name);
      renamed.add(new Subject(name, subject.spec, subject.weights, subject.published));
    }
    return List.copyOf(renamed);
  }

  private Subject with(Optional<Path> stored) {
    return new Subject(name, spec, stored, published);
  }

  private static boolean holdsWeights(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.anyMatch(file -> file.toString().endsWith(".safetensors"));
    } catch (IOException e) {
      throw new JandaiaException(directory + ": cannot be listed (" + e.getMessage() + ")", e);
    }
  }

  /** The last part of a path; of a config.json, that of its directory. */
  private static String name(Path path) {
    Path whole = path.toAbsolutePath().normalize();
    boolean config = whole.endsWith("config.json") && whole.getNameCount() > 1;
    Path last = (config ? whole.getParent() : whole).getFileName();
    return last == null ? path.toString() : last.toString().replaceFirst("\\.(gguf|json)$", "");
  }
}
