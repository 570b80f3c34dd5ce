package dev.jandaia.hub;

import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much room there is, asked before a download begins. */
interface DiskSpace {
  /** The file system's own answer. */
  DiskSpace REAL = folder -> Files.getFileStore(folder).getUsableSpace();

  /** Bytes that can still be written below an existing folder. */
  long usable(Path folder) throws IOException;

  /** Creates the folder and refuses to go on if it cannot take the bytes. */
  default void require(Path folder, long bytes) throws IOException {
    Files.createDirectories(folder);
    long usable = usable(folder);
    if (bytes > usable) {
      throw new JandaiaException(
          "not enough disk space in %s: needed %s, available %s; free some or set HF_HUB_CACHE"
              .formatted(folder, Bytes.text(bytes), Bytes.text(usable)));
    }
  }
}
