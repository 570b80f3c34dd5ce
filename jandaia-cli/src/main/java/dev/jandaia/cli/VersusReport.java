package dev.jandaia.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The table of a side-by-side run: medians of tokens per second, and the median over rounds of ours
 * by theirs.
 *
 * @param about the model, our build, the processor
 */
record VersusReport(String about, List<String> labels, List<VersusResult> results, VersusRun run) {

  String format(BenchReport.Format format) {
    return switch (format) {
      case MD -> markdown();
      case JSON -> json();
      case CSV -> throw new UsageException("--versus: expected -o md or json, found csv");
    };
  }

  private String markdown() {
    List<String> head = new ArrayList<>(List.of("test", "threads", "jandaia", "of plain read"));
    labels.forEach(label -> head.addAll(List.of(label, "ratio")));
    List<List<String>> rows = new ArrayList<>();
    rows.add(head);
    rows.add(head.stream().map(cell -> cell.equals("test") ? "---" : "---:").toList());
    results.forEach(result -> rows.add(row(result)));
    String table =
        rows.stream()
            .map(row -> "| " + String.join(" | ", row) + " |\n")
            .collect(Collectors.joining());
    return table + "\n" + about + "\n" + conditions() + "\n";
  }

  private List<String> row(VersusResult result) {
    List<String> cells = new ArrayList<>();
    cells.add(result.test().label());
    cells.add(String.valueOf(result.threads()));
    cells.add(number("%.2f", result.median()));
    cells.add(number("%.0f%%", 100 * result.ofPlainRead()));
    for (String label : labels) {
      cells.add(number("%.2f", result.median(label)));
      cells.add(number("**%.2f**", result.ratio(label)));
    }
    return cells;
  }

  private static String number(String format, double value) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, format, value);
  }

  private String conditions() {
    double[] reads = run.plainReads().stream().mapToDouble(read -> read / 1e9).sorted().toArray();
    double busiest = run.elsewhere().stream().mapToDouble(used -> used).max().orElse(Double.NaN);
    return String.format(
            Locale.ROOT,
            "%d %s; plain read %.1f GB/s (%.1f to %.1f)",
            reads.length,
            reads.length == 1 ? "round" : "rounds",
            BenchResult.median(reads),
            reads[0],
            reads[reads.length - 1])
        + (Double.isNaN(busiest)
            ? ""
            : String.format(
                Locale.ROOT,
                "; while ours ran, other programs used up to %.2f processors",
                busiest));
  }

  private String json() {
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    return mapper.writeValueAsString(results.stream().map(this::fields).toList()) + "\n";
  }

  private Map<String, Object> fields(VersusResult result) {
    Map<String, Object> fields = new LinkedHashMap<>(BenchReport.testFields(result.test()));
    fields.put("n_threads", result.threads());
    fields.put("about", about);
    fields.put("plain_read_bytes_per_second", run.plainReads());
    fields.put("processors_used_elsewhere", run.elsewhere());
    fields.put("samples_ts", result.ours());
    fields.put("median_ts", result.median());
    List<Map<String, Object>> peers = new ArrayList<>();
    for (String label : result.theirs().keySet()) {
      Map<String, Object> peer = new LinkedHashMap<>();
      peer.put("label", label);
      peer.put("samples_ts", result.theirs().get(label));
      peer.put("median_ts", result.median(label));
      peer.put("ratio", result.ratio(label));
      peers.add(peer);
    }
    fields.put("peers", peers);
    return fields;
  }
}
