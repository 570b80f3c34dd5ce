package dev.jandaia.cli;

import dev.jandaia.tensor.JandaiaException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that a command will write. */
final class OutputFile {
  private OutputFile() {}

  /** Fails at once, not after the work is done, where the file cannot be written. */
  static void requireWritable(Path file) {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null || Files.isDirectory(file)) {
      throw new JandaiaException(file + ": cannot be written: it is a directory");
    }
    if (!Files.isDirectory(directory)) {
      throw new JandaiaException(file + ": cannot be written: no directory " + directory);
    }
    if (!Files.isWritable(directory)) {
      throw new JandaiaException(file + ": cannot be written: permission denied");
    }
  }
}
