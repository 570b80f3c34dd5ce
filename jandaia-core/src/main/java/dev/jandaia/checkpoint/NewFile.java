package dev.jandaia.checkpoint;

import dev.jandaia.tensor.JandaiaException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** A file that appears under its name only once it is complete. */
final class NewFile {
  private static final int BUFFER_BYTES = 1 << 16;

  @FunctionalInterface
  interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  private NewFile() {}

  static void write(Path target, Body body) {
    Path temporary =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    // an interrupted process leaves nothing behind
    temporary.toFile().deleteOnExit();
    try {
      try (OutputStream out =
          new BufferedOutputStream(
              Files.newOutputStream(
                  temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              BUFFER_BYTES)) {
        body.writeTo(out);
      }
      move(temporary, target);
    } catch (IOException e) {
      throw new JandaiaException(target + ": cannot be written: " + e, e);
    } finally {
      deleteQuietly(temporary);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void deleteQuietly(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // The write already failed or succeeded; that outcome is what the caller must see.
    }
  }
}
