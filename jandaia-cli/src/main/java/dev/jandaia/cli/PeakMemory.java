package dev.jandaia.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The most memory that a process has had at once, mapped files included. */
final class PeakMemory {
  private static final int KIBIBYTE = 1024;

  private PeakMemory() {}

  /** Of this process so far, in bytes; empty where the system does not tell. */
  static OptionalLong bytes() {
    return of(Path.of("/proc/self/status"));
  }

  private static OptionalLong of(Path status) {
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIBIBYTE)
          .findFirst();
    } catch (IOException _) {
      return OptionalLong.empty();
    }
  }
}
