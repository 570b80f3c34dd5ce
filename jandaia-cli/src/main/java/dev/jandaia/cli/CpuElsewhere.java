package dev.jandaia.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How much of the machine other programs take while we measure: a result that was taken beside a
 * busy neighbour should say so. Known on Linux.
 */
final class CpuElsewhere {
  private static final Path STAT = Path.of("/proc/stat");
  private static final double TICKS_PER_SECOND = 100;
  private static final int IDLE = 4;
  private static final int WAITING = 5;
  private static final int LAST = 8;

  private final long start = System.nanoTime();
  private final Optional<Double> busyBefore = busySeconds();
  private final double oursBefore = ourSeconds();

  /** Processors that others used since this was made, on average. */
  OptionalDouble processors() {
    double seconds = (System.nanoTime() - start) / 1e9;
    Optional<Double> busy = busySeconds();
    return busyBefore.isPresent() && busy.isPresent() && seconds > 0
        ? OptionalDouble.of(
            Math.max(0, busy.get() - busyBefore.get() - ourSeconds() + oursBefore) / seconds)
        : OptionalDouble.empty();
  }

  private static double ourSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }

  /** The first line of the file: cpu user nice system idle iowait irq softirq steal ... */
  private static Optional<Double> busySeconds() {
    try {
      String[] fields = Files.readAllLines(STAT).getFirst().split("\\s+");
      double ticks = 0;
      for (int i = 1; i < Math.min(fields.length, LAST); i++) {
        ticks += i == IDLE || i == WAITING ? 0 : Double.parseDouble(fields[i]);
      }
      return Optional.of(ticks / TICKS_PER_SECOND);
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
