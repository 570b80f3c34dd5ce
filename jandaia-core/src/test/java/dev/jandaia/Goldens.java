package dev.jandaia;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The reference data that golden tests compare with. {@code -Djandaia.goldens=DIR} names another
 * directory of the same layout as the copies in {@code src/test/resources/golden}, the default.
 */
public final class Goldens {
  private static final String PROPERTY = "jandaia.goldens";

  private Goldens() {}

  /** The directory in use. */
  public static Path root() {
    String given = System.getProperty(PROPERTY, "").strip();
    if (given.isEmpty()) {
      return copies();
    }
    // Tests run in their module's directory, while people name a directory from the root's.
    return Stream.of(Path.of(given), Path.of("..").resolve(given))
        .filter(Files::isDirectory)
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("-D" + PROPERTY + ": no such directory: " + given));
  }

  /**
   * A file or folder that is no case but a table of many; where the directory in use has none, the
   * copy in the test resources, which is said aloud.
   */
  public static Path file(String name) {
    Path given = root().resolve(name);
    if (Files.exists(given)) {
      return given;
    }
    System.out.println("goldens: NO " + name + " under " + root() + ": the project's own is used");
    return copies().resolve(name);
  }

  /** Model cases: directories with config.json and golden.safetensors, by name. */
  public static List<Path> cases() {
    return announced("model", children(root(), Goldens::isCase));
  }

  /** GGUF model files that have a NAME.golden.safetensors beside them, by name. */
  public static List<Path> ggufCases() {
    Path directory = root().resolve("gguf");
    return announced(
        "gguf",
        Files.isDirectory(directory)
            ? children(directory, path -> Files.exists(goldenOf(path)) && isGguf(path))
            : List.of());
  }

  /** The quantised blocks (quants/quants.safetensors): one file, or none. */
  public static List<Path> quants() {
    Path file = root().resolve("quants/quants.safetensors");
    return announced("quants", Files.exists(file) ? List.of(file) : List.of());
  }

  /** {@code x.gguf} → {@code x.golden.safetensors}. */
  public static Path goldenOf(Path gguf) {
    String name = gguf.getFileName().toString();
    return gguf.resolveSibling(name.replaceFirst("\\.gguf$", "") + ".golden.safetensors");
  }

  private static boolean isCase(Path path) {
    return Files.exists(path.resolve("config.json"))
        && Files.exists(path.resolve("golden.safetensors"));
  }

  private static boolean isGguf(Path path) {
    return path.getFileName().toString().endsWith(".gguf");
  }

  private static List<Path> announced(String kind, List<Path> found) {
    if (found.isEmpty()) {
      System.out.println("goldens: NO " + kind + " case under " + root() + ": nothing compared");
    }
    return found;
  }

  private static List<Path> children(Path directory, Predicate<Path> wanted) {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.filter(wanted).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path copies() {
    return directoryOf("/golden/README.md");
  }

  /** The directory in which a test resource lies. */
  public static Path directoryOf(String name) {
    URL resource = Goldens.class.getResource(name);
    if (resource == null) {
      throw new IllegalStateException("src/test/resources" + name + " is missing");
    }
    try {
      return Path.of(resource.toURI()).getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
