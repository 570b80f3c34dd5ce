package dev.jandaia.convert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What lies beside config and weights in a directory: tokenizer, templates, generation defaults,
 * licence. Every such file comes along when a directory is written again.
 */
final class Companions {
  /** Weights of whatever program, and their indices. */
  private static final String WEIGHTS =
      ".*\\.(safetensors|bin|pt|pth|h5|msgpack|onnx|gguf|ot|npz)|.*\\.index\\.json";

  private Companions() {}

  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (!name.equals("config.json") && !name.startsWith(".") && !name.matches(WEIGHTS)) {
          Files.copy(file.toRealPath(), to.resolve(name));
        }
      }
    }
  }
}
