package dev.jandaia.checkpoint;

import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The bytes of a file, mapped and never copied, or of an array.
 *
 * @param origin the name that errors give
 * @param bytes the whole content, read-only
 * @param arena closing it unmaps the file
 */
record FileBytes(String origin, MemorySegment bytes, Arena arena) implements AutoCloseable {

  static FileBytes map(Path path) {
    String origin = path.toString();
    if (!Files.exists(path)) {
      throw new JandaiaException(origin + ": no such file");
    }
    if (!Files.isRegularFile(path)) {
      throw new JandaiaException(origin + ": expected a file, found a directory or device");
    }
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size == 0) {
        throw new JandaiaException(origin + ": the file is empty");
      }
      return new FileBytes(
          origin, channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena), arena);
    } catch (IOException e) {
      arena.close();
      throw new JandaiaException(origin + ": cannot be read: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  static FileBytes of(String origin, byte[] content) {
    if (content.length == 0) {
      throw new JandaiaException(origin + ": the file is empty");
    }
    // A copy outside the heap: kernels are compiled for one kind of memory.
    Arena arena = Arena.ofShared();
    MemorySegment copy = arena.allocate(content.length, 64);
    copy.copyFrom(MemorySegment.ofArray(content));
    return new FileBytes(origin, copy.asReadOnly(), arena);
  }

  long size() {
    return bytes.byteSize();
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
