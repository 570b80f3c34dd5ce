package dev.jandaia.cli;

import dev.jandaia.atlas.text.Amounts;
import dev.jandaia.cache.CacheType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The results of a benchmark with all that is needed to compare them; the columns of JSON and CSV
 * have the names that llama-bench gives them.
 *
 * @param about the conditions
 * @param model how it is stored
 * @param roofline if it was asked for
 */
record BenchReport(
    About about, StoredModel model, List<BenchResult> results, Optional<RooflineReport> roofline) {

  /** The forms of a report. */
  enum Format {
    MD,
    JSON,
    CSV
  }

  /**
   * Under which conditions.
   *
   * @param build version of this program and of Java
   * @param cpu the processor
   * @param kernels what computed
   * @param cache how keys and values were stored
   * @param randomDepth whether caches began with random numbers instead of tokens
   * @param file the model's path
   * @param batchSize tokens of a prompt that are read at once
   * @param loadNanos to open the model
   * @param firstNanos to compute a first token after that
   * @param peakBytes the most memory that the process had; −1 if the system does not tell
   */
  record About(
      String build,
      String cpu,
      String kernels,
      CacheType cache,
      boolean randomDepth,
      String file,
      int batchSize,
      long loadNanos,
      long firstNanos,
      long peakBytes) {

    String line() {
      String memory = peakBytes < 0 ? "" : "; peak memory " + Amounts.bytes(peakBytes);
      return String.format(
          Locale.ROOT,
          "build: %s; kernels: %s; CPU: %s; cache: %s; loaded in %.2f s, first token after %.2f s"
              + " more%s",
          build,
          kernels,
          cpu,
          cache.label() + (randomDepth ? ", filled with random numbers" : ""),
          loadNanos / 1e9,
          firstNanos / 1e9,
          memory);
    }
  }

  String format(Format format) {
    return switch (format) {
      case MD -> markdown();
      case JSON -> json();
      case CSV -> csv();
    };
  }

  private String markdown() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("model", "size", "params", "backend", "threads", "test", "t/s"));
    rows.add(List.of("---", "---:", "---:", "---", "---:", "---:", "---:"));
    for (BenchResult result : results) {
      double[] rates = result.rates();
      rows.add(
          List.of(
              model.family() + " " + model.type(),
              Amounts.bytes(model.bytes()),
              Amounts.count(model.parameters()),
              about.kernels().replaceFirst(":.*", ""),
              String.valueOf(result.threads()),
              result.test().label(),
              String.format(
                  Locale.ROOT,
                  "%.2f ± %.2f",
                  BenchResult.mean(rates),
                  BenchResult.standardDeviation(rates))));
    }
    StringBuilder text = new StringBuilder(table(rows));
    roofline.ifPresent(report -> text.append('\n').append(table(report.rows(results))));
    return text + "\n" + about.line() + "\n";
  }

  private static String table(List<List<String>> rows) {
    StringBuilder text = new StringBuilder();
    rows.forEach(row -> text.append("| ").append(String.join(" | ", row)).append(" |\n"));
    return text.toString();
  }

  private String json() {
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    return mapper.writeValueAsString(results.stream().map(this::fields).toList()) + "\n";
  }

  private String csv() {
    StringBuilder text = new StringBuilder();
    for (BenchResult result : results) {
      Map<String, Object> fields = fields(result);
      fields.keySet().removeIf(name -> name.startsWith("samples"));
      if (text.isEmpty()) {
        text.append(String.join(",", fields.keySet())).append('\n');
      }
      List<String> cells = fields.values().stream().map(BenchReport::cell).toList();
      text.append(String.join(",", cells)).append('\n');
    }
    return text.toString();
  }

  private static String cell(Object value) {
    return value instanceof String text ? '"' + text.replace("\"", "\"\"") + '"' : value.toString();
  }

  private Map<String, Object> fields(BenchResult result) {
    double[] nanos = result.nanos().stream().mapToDouble(Long::doubleValue).toArray();
    double[] rates = result.rates();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("build", about.build());
    fields.put("cpu_info", about.cpu());
    fields.put("backends", about.kernels());
    fields.put("model_filename", about.file());
    fields.put("model_type", model.name());
    fields.put("model_size", model.bytes());
    fields.put("model_n_params", model.parameters());
    fields.put("n_batch", about.batchSize());
    fields.put("n_threads", result.threads());
    fields.put("type_k", about.cache().label());
    fields.put("type_v", about.cache().label());
    fields.putAll(testFields(result.test()));
    fields.put("test_time", result.startedAt());
    fields.put("avg_ns", Math.round(BenchResult.mean(nanos)));
    fields.put("stddev_ns", Math.round(BenchResult.standardDeviation(nanos)));
    fields.put("avg_ts", BenchResult.mean(rates));
    fields.put("stddev_ts", BenchResult.standardDeviation(rates));
    fields.put("samples_ns", result.nanos());
    fields.put("samples_ts", rates);
    fields.put("random_depth", about.randomDepth());
    fields.put("load_ns", about.loadNanos());
    fields.put("first_token_ns", about.firstNanos());
    fields.put("peak_bytes", about.peakBytes());
    roofline.ifPresent(report -> fields.putAll(report.fields(result)));
    return fields;
  }

  /** What a test is, by the names of llama-bench. */
  static Map<String, Object> testFields(BenchTest test) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("n_prompt", test.prompt());
    fields.put("n_gen", test.generated());
    fields.put("n_depth", test.depth());
    fields.put("n_sequences", test.sequences());
    return fields;
  }
}
