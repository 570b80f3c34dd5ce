package dev.jandaia.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Achieved against possible: what each test read and computed per second beside a plain read of
 * memory and a large matrix product, measured in the same run on as many threads.
 *
 * @param model what a token costs
 * @param bounds of the machine, by threads
 */
record RooflineReport(Roofline model, Map<Integer, Bounds> bounds) {
  private static final double GIGA = 1e9;
  private static final double PERCENT = 100;

  /**
   * What the machine allows.
   *
   * @param bytesPerSecond of a plain read
   * @param flopsPerSecond of an f32 matrix product on our kernels
   */
  record Bounds(double bytesPerSecond, double flopsPerSecond) {}

  List<List<String>> rows(List<BenchResult> results) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "test", "threads", "GB/s read", "plain read", "share", "GFLOP/s", "f32 GEMM", "share"));
    rows.add(List.of("---", "---:", "---:", "---:", "---:", "---:", "---:", "---:"));
    results.forEach(result -> rows.add(row(result)));
    return rows;
  }

  private List<String> row(BenchResult result) {
    Bounds most = bounds.get(result.threads());
    double flops = flops(result);
    List<String> cells = new ArrayList<>();
    cells.add(result.test().label());
    cells.add(String.valueOf(result.threads()));
    if (result.test().prompt() == 0) {
      double bytes = bytes(result);
      cells.addAll(share(bytes, most.bytesPerSecond()));
    } else {
      cells.addAll(List.of("–", decimal(most.bytesPerSecond() / GIGA), "–"));
    }
    cells.addAll(share(flops, most.flopsPerSecond()));
    return cells;
  }

  private static List<String> share(double achieved, double most) {
    return List.of(
        decimal(achieved / GIGA),
        decimal(most / GIGA),
        String.format(Locale.ROOT, "%.0f%%", PERCENT * achieved / most));
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private double bytes(BenchResult result) {
    return model.bytesPerSecond(
        result.test(), BenchResult.median(result.rates()), result.cacheBytes());
  }

  private double flops(BenchResult result) {
    return model.flopsPerSecond(result.test(), BenchResult.median(result.rates()));
  }

  /** For JSON. */
  Map<String, Object> fields(BenchResult result) {
    Map<String, Object> fields = new LinkedHashMap<>();
    Bounds most = bounds.get(result.threads());
    fields.put("plain_read_bytes_per_second", most.bytesPerSecond());
    fields.put("gemm_flops_per_second", most.flopsPerSecond());
    if (result.test().prompt() == 0) {
      fields.put("bytes_per_second", bytes(result));
    }
    fields.put("flops_per_second", flops(result));
    return fields;
  }
}
