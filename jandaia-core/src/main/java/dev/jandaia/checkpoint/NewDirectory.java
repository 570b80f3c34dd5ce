package dev.jandaia.checkpoint;

import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;

/** A directory that appears under its name only once everything in it is complete. */
public final class NewDirectory {
  private NewDirectory() {}

  /** Fills a directory. */
  @FunctionalInterface
  public interface Body {
    void fill(Path directory) throws IOException;
  }

  /**
   * Fails at once, not after the work is done, where a directory cannot be made.
   *
   * @throws JandaiaException if something of that name exists, or there is no place for it
   */
  public static void requirePossible(Path target) {
    Path parent = target.toAbsolutePath().normalize().getParent();
    if (Files.exists(target)) {
      throw new JandaiaException(target + ": expected a new directory, found one that exists");
    }
    if (parent == null || !Files.isDirectory(parent) || !Files.isWritable(parent)) {
      throw new JandaiaException(target + ": cannot be written: no directory " + parent);
    }
  }

  /** Makes a directory; where {@code body} fails nothing is left. */
  public static void write(Path target, Body body) {
    requirePossible(target);
    Path place = target.toAbsolutePath().normalize();
    Path temporary = place.resolveSibling("." + place.getFileName() + "." + UUID.randomUUID());
    // an interrupted process leaves nothing behind
    Thread cleaner = new Thread(() -> deleteQuietly(temporary));
    Runtime.getRuntime().addShutdownHook(cleaner);
    try {
      Files.createDirectory(temporary);
      body.fill(temporary);
      Files.move(temporary, place);
    } catch (IOException e) {
      throw new JandaiaException(target + ": cannot be written: " + e, e);
    } finally {
      deleteQuietly(temporary);
      forget(cleaner);
    }
  }

  private static void forget(Thread cleaner) {
    try {
      Runtime.getRuntime().removeShutdownHook(cleaner);
    } catch (IllegalStateException e) {
      // The process is ending, and the cleaner at work.
    }
  }

  private static void deleteQuietly(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> inside = Files.walk(directory)) {
      inside.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      // The outcome of the write is what the caller must see.
    }
  }
}
