package dev.jandaia.atlas;

import dev.jandaia.tensor.JandaiaException;

/**
 * What bounds a machine: how fast it reads memory and how fast it multiplies matrices.
 *
 * @param bytesPerSecond read from memory by all threads together
 * @param flopsPerSecond of matrix products, by all threads together
 * @param origin where the numbers come from: measured, or given
 */
public record Machine(double bytesPerSecond, double flopsPerSecond, String origin) {
  public Machine {
    if (!(bytesPerSecond > 0) || !(flopsPerSecond > 0)) {
      throw new JandaiaException(
          "machine: expected a positive bandwidth and rate, found %s and %s"
              .formatted(bytesPerSecond, flopsPerSecond));
    }
  }

  /**
   * A machine as typed: {@code GB/s,GFLOP/s}, for instance {@code 40,800}.
   *
   * @throws JandaiaException if it is anything else
   */
  public static Machine parse(String text) {
    String[] parts = text.split(",", -1);
    try {
      if (parts.length == 2) {
        return new Machine(
            Double.parseDouble(parts[0]) * 1e9, Double.parseDouble(parts[1]) * 1e9, "as given");
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw new JandaiaException(
        "machine: expected GB/s,GFLOP/s (for instance 40,800), found " + text);
  }

  /** Seconds to move {@code bytes} and compute {@code flops}, the slower of the two. */
  public double seconds(double bytes, double flops) {
    return Math.max(bytes / bytesPerSecond, flops / flopsPerSecond);
  }
}
