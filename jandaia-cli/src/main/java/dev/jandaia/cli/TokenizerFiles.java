package dev.jandaia.cli;

import dev.jandaia.checkpoint.GgufFile;
import dev.jandaia.tokenizer.Tokenizer;
import dev.jandaia.tokenizer.Tokenizers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;

/** Opens the tokenizer that a MODEL on the command line holds. */
final class TokenizerFiles {
  private static final String GZIP = ".gz";

  private TokenizerFiles() {}

  /**
   * The vocabulary of a bare {@code tekken.json} (also gzipped), whose ids are ranks as tiktoken
   * gives them; the tokenizer of anything else.
   */
  static Tokenizer vocabulary(Path path) {
    return open(
        path,
        file ->
            Tokenizers.isTekken(file) ? Tokenizers.tekkenRanks(file) : Tokenizers.fromFile(file));
  }

  /** The tokenizer of a directory, a GGUF file or a tokenizer's own file, gzipped or not. */
  static Tokenizer open(Path path) {
    return open(path, Tokenizers::fromFile);
  }

  private static Tokenizer open(Path path, Function<Path, Tokenizer> reader) {
    if (Files.isDirectory(path)) {
      return Tokenizers.fromDirectory(path);
    }
    if (path.toString().endsWith(GZIP)) {
      return unzipped(path, reader);
    }
    if (!GgufFile.isGguf(path)) {
      return reader.apply(path);
    }
    try (GgufFile file = GgufFile.open(path)) {
      return Tokenizers.fromGguf(file.metadata());
    }
  }

  private static Tokenizer unzipped(Path path, Function<Path, Tokenizer> reader) {
    String name = path.getFileName().toString();
    try {
      Path directory = Files.createTempDirectory("jandaia");
      Path copy = directory.resolve(name.substring(0, name.length() - GZIP.length()));
      try (InputStream in = new GZIPInputStream(Files.newInputStream(path))) {
        Files.copy(in, copy);
        return reader.apply(copy);
      } finally {
        Files.deleteIfExists(copy);
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
