package dev.jandaia.cli;

import dev.jandaia.atlas.text.Amounts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The results of a benchmark with all that is needed to compare them; the columns of JSON and CSV
 * have the names that llama-bench gives them.
 *
 * @param build version of this program and of Java
 * @param cpu the processor
 * @param kernels what computed
 * @param file the model's path
 * @param model how it is stored
 */
record BenchReport(
    String build,
    String cpu,
    String kernels,
    String file,
    StoredModel model,
    List<BenchResult> results) {

  /** The forms of a report. */
  enum Format {
    MD,
    JSON,
    CSV
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
    rows.add(List.of("model", "size", "params", "backend", "threads", "cache", "test", "t/s"));
    rows.add(List.of("---", "---:", "---:", "---", "---:", "---", "---", "---:"));
    for (BenchResult result : results) {
      double[] rates = result.rates();
      rows.add(
          List.of(
              model.family() + " " + model.type(),
              Amounts.bytes(model.bytes()),
              Amounts.count(model.parameters()),
              kernels.replaceFirst(":.*", ""),
              String.valueOf(result.threads()),
              result.cache().label(),
              result.test(),
              String.format(
                  Locale.ROOT,
                  "%.2f ± %.2f",
                  BenchResult.mean(rates),
                  BenchResult.standardDeviation(rates))));
    }
    StringBuilder text = new StringBuilder();
    rows.forEach(row -> text.append("| ").append(String.join(" | ", row)).append(" |\n"));
    return text + "\nbuild: " + build + "; kernels: " + kernels + "; CPU: " + cpu + "\n";
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
    fields.put("build", build);
    fields.put("cpu_info", cpu);
    fields.put("backends", kernels);
    fields.put("model_filename", file);
    fields.put("model_type", model.name());
    fields.put("model_size", model.bytes());
    fields.put("model_n_params", model.parameters());
    fields.put("n_threads", result.threads());
    fields.put("type_k", result.cache().label());
    fields.put("type_v", result.cache().label());
    fields.put("n_prompt", result.prompt());
    fields.put("n_gen", result.generated());
    fields.put("n_depth", result.depth());
    fields.put("test_time", result.startedAt());
    fields.put("avg_ns", Math.round(BenchResult.mean(nanos)));
    fields.put("stddev_ns", Math.round(BenchResult.standardDeviation(nanos)));
    fields.put("avg_ts", BenchResult.mean(rates));
    fields.put("stddev_ts", BenchResult.standardDeviation(rates));
    fields.put("samples_ns", result.nanos());
    fields.put("samples_ts", rates);
    return fields;
  }
}
