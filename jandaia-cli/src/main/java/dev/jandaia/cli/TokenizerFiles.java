package dev.jandaia.cli;

import dev.jandaia.checkpoint.GgufFile;
import dev.jandaia.tokenizer.Tokenizer;
import dev.jandaia.tokenizer.Tokenizers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Opens the tokenizer that a MODEL on the command line holds. */
final class TokenizerFiles {
  private static final String GZIP = ".gz";

  private TokenizerFiles() {}

  /** The tokenizer of a directory, a GGUF file or a tokenizer's own file, gzipped or not. */
  static Tokenizer open(Path path) {
    if (Files.isDirectory(path)) {
      return Tokenizers.fromDirectory(path);
    }
    if (path.toString().endsWith(GZIP)) {
      return unzipped(path);
    }
    if (!GgufFile.isGguf(path)) {
      return Tokenizers.fromFile(path);
    }
    try (GgufFile file = GgufFile.open(path)) {
      return Tokenizers.fromGguf(file.metadata());
    }
  }

  private static Tokenizer unzipped(Path path) {
    String name = path.getFileName().toString();
    try {
      Path directory = Files.createTempDirectory("jandaia");
      Path copy = directory.resolve(name.substring(0, name.length() - GZIP.length()));
      try (InputStream in = new GZIPInputStream(Files.newInputStream(path))) {
        Files.copy(in, copy);
        return Tokenizers.fromFile(copy);
      } finally {
        Files.deleteIfExists(copy);
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
