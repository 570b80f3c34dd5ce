package dev.jandaia.atlas;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** How much memory is there to take. */
final class FreeMemory {
  private static final Path MEMINFO = Path.of("/proc/meminfo");

  private FreeMemory() {}

  /** Bytes; on Linux those of file caches too, which the system gives up when asked. */
  static long bytes() {
    return available().orElseGet(FreeMemory::free);
  }

  private static OptionalLong available() {
    try (Stream<String> lines = Files.lines(MEMINFO)) {
      return lines
          .filter(line -> line.startsWith("MemAvailable:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException _) {
      return OptionalLong.empty();
    }
  }

  private static long free() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getFreeMemorySize();
  }
}
