package dev.jandaia.tokenizer;

import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whole files, with our errors. */
final class TextFiles {
  private TextFiles() {}

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new JandaiaException(file + ": not readable as UTF-8 text: " + e.getMessage(), e);
    }
  }

  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new JandaiaException(file + ": not readable: " + e.getMessage(), e);
    }
  }
}
