package dev.jandaia.atlas.page;

import java.util.ArrayList;
import java.util.List;

/**
 * A logarithmic axis from {@code least} to {@code most}, both powers of {@code base} times a common
 * factor.
 *
 * @param least value at the start
 * @param most value at the end
 * @param step factor from tick to tick
 */
record LogAxis(double least, double most, double step) {
  private static final int MOST_TICKS = 7;

  /** An axis around values, with ticks at powers of {@code base}, few enough to be read. */
  static LogAxis around(double least, double most, int base) {
    double step = base;
    while (Math.log(most / least) / Math.log(step) > MOST_TICKS - 2) {
      step *= base;
    }
    double from = Math.pow(step, Math.floor(Math.log(least) / Math.log(step) + 1e-9));
    double to = Math.pow(step, Math.ceil(Math.log(most) / Math.log(step) - 1e-9));
    return new LogAxis(from, Math.max(to, from * step), step);
  }

  /** Where a value lies between 0, the start, and 1, the end. */
  double at(double value) {
    return Math.log(value / least) / Math.log(most / least);
  }

  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    for (double tick = least; tick <= most * 1.001; tick *= step) {
      ticks.add(tick);
    }
    return ticks;
  }
}
