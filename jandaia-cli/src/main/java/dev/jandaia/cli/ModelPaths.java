package dev.jandaia.cli;

import dev.jandaia.Jandaia;
import dev.jandaia.atlas.Gallery;
import dev.jandaia.atlas.Subject;
import dev.jandaia.hub.HubConfig;
import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Finds the files that MODEL on the command line means. */
final class ModelPaths {
  /** The words every command uses for its MODEL. */
  static final String DESCRIPTION =
      "A Hugging Face directory, a GGUF file, or ORG/NAME of a pulled model.";

  private ModelPaths() {}

  /**
   * A directory with a config.json, or a file.
   *
   * @throws JandaiaException if there is neither a path of that name nor such a model in the cache,
   *     or a directory holds no model
   */
  static Path locate(String model, Supplier<HubConfig> hub) {
    Path path = Jandaia.locate(model, hub);
    return Files.isDirectory(path) ? inDirectory(path) : path;
  }

  /**
   * The architecture of whatever lies at a path of that name, of a published model, or of one in
   * the cache; weights are not needed.
   *
   * @throws JandaiaException if there is none of these, or the architecture is not known
   */
  static Subject subject(String model, Supplier<HubConfig> hub) {
    if (Files.exists(Path.of(model))) {
      return Subject.at(locate(model, hub));
    }
    if (Gallery.contains(model)) {
      return Subject.published(model);
    }
    if (!model.contains("/")) {
      throw new JandaiaException(
          model
              + ": no such file or directory, and no published model of that name"
              + " (jandaia compare --list names them)");
    }
    return Subject.at(locate(model, hub));
  }

  /** A directory without a config.json may still hold one GGUF file. */
  private static Path inDirectory(Path directory) {
    if (Files.exists(directory.resolve("config.json"))) {
      return directory;
    }
    List<Path> ggufs = ggufs(directory);
    if (ggufs.size() == 1) {
      return ggufs.getFirst();
    }
    throw new JandaiaException(
        ggufs.isEmpty()
            ? directory + ": expected config.json or a GGUF file, found neither"
            : "%s: expected one GGUF file, found %d; name one of %s"
                .formatted(
                    directory,
                    ggufs.size(),
                    String.join(", ", ggufs.stream().map(Path::toString).toList())));
  }

  /** GGUF files; of those in several parts, the first. */
  private static List<Path> ggufs(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".gguf"))
          .filter(file -> !file.toString().matches(".*-(?!00001)\\d{5}-of-\\d{5}\\.gguf"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
