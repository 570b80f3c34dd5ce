package dev.jandaia.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** What the processor calls itself. */
final class Cpu {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  private Cpu() {}

  /** The processor's name, or its architecture where the system does not tell. */
  static String name() {
    return fromCpuinfo()
        .or(Cpu::fromSysctl)
        .or(() -> Optional.ofNullable(System.getenv("PROCESSOR_IDENTIFIER")))
        .orElseGet(() -> System.getProperty("os.arch"));
  }

  private static Optional<String> fromCpuinfo() {
    try (Stream<String> lines = Files.lines(CPUINFO)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /** macOS. */
  private static Optional<String> fromSysctl() {
    try {
      Process process = new ProcessBuilder("sysctl", "-n", "machdep.cpu.brand_string").start();
      String answer =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return Optional.of(answer).filter(name -> !name.isEmpty());
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
