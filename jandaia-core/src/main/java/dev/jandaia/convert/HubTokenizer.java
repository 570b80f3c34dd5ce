package dev.jandaia.convert;

import dev.jandaia.checkpoint.GgufFile;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tokenizer.HubTokenizerFiles;
import dev.jandaia.tokenizer.Tokenizer;
import dev.jandaia.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The tokenizer inside a GGUF file as files of a Hugging Face directory. They stay only if what is
 * read from them is proven to be the same tokenizer; a model without them is still a model.
 */
final class HubTokenizer {
  private final Path source;
  private final Consumer<String> notes;

  /**
   * The tokenizer of one file.
   *
   * @param notes told if it is left behind, and why
   */
  HubTokenizer(Path source, Consumer<String> notes) {
    this.source = source;
    this.notes = notes;
  }

  void write(Path directory) throws IOException {
    try (GgufFile file = GgufFile.open(source)) {
      write(file.metadata(), directory);
    }
  }

  void write(Map<String, Object> metadata, Path directory) throws IOException {
    Object kind = metadata.getOrDefault("tokenizer.ggml.model", "none");
    if (kind.equals("none") || kind.equals("no_vocab")) {
      notes.accept(source + ": has no tokenizer, so none is written");
      return;
    }
    Tokenizer original;
    Map<String, String> files;
    try {
      original = Tokenizers.fromGguf(metadata);
      files = HubTokenizerFiles.of(metadata);
    } catch (JandaiaException e) {
      notes.accept(source + ": its tokenizer is not written: " + e.getMessage());
      return;
    }
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(directory.resolve(file.getKey()), file.getValue());
    }
    if (!new TokenizerProof(original).isSame(Tokenizers.fromDirectory(directory))) {
      for (String name : files.keySet()) {
        Files.delete(directory.resolve(name));
      }
      notes.accept(
          source
              + ": its tokenizer is not written: read from a tokenizer.json it would not be the"
              + " same");
    }
  }
}
