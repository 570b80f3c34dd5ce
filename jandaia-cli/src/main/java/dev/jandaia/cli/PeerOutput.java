package dev.jandaia.cli;

import dev.jandaia.tensor.JandaiaException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a peer printed: the JSON array of llama-bench, or the lines or the table of
 * llama-batched-bench.
 */
record PeerOutput(String label, String out, String err) {
  private static final int SHOWN = 120;
  private static final Pattern FRAME = Pattern.compile("at [\\w.$/<>]+\\(|\\.\\.\\. \\d+ more");

  /** Tokens per second of the test. */
  double rate(int exitCode, BenchTest test) {
    if (exitCode != 0) {
      String last = lastMessage();
      throw new JandaiaException(
          "%s, %s: exit code %d: %s".formatted(label, test.label(), exitCode, shortened(last)));
    }
    double rate = out.contains("\"avg_ts\"") ? fromArray(test) : fromBatched(test);
    if (!(rate > 0)) {
      throw unknown(test);
    }
    return rate;
  }

  /** The last line that is no frame of a Java stack trace. */
  private String lastMessage() {
    return err.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !FRAME.matcher(line).lookingAt())
        .reduce((_, line) -> line)
        .orElse("no message");
  }

  private double fromArray(BenchTest test) {
    try {
      String json = out.substring(out.indexOf('['), out.lastIndexOf(']') + 1);
      JsonNode records = JsonMapper.shared().readTree(json);
      List<JsonNode> fitting =
          StreamSupport.stream(records.spliterator(), false)
              .filter(record -> records.size() == 1 || fits(record, test))
              .toList();
      return fitting.size() == 1 ? fitting.getFirst().path("avg_ts").asDouble(0) : 0;
    } catch (JacksonException | StringIndexOutOfBoundsException _) {
      return 0;
    }
  }

  private static boolean fits(JsonNode record, BenchTest test) {
    return record.path("n_prompt").asInt(0) == test.prompt()
        && record.path("n_gen").asInt(0) == test.generated();
  }

  /** Some print their table where errors go. */
  private String table() {
    return out.isBlank() ? err : out;
  }

  private double fromBatched(BenchTest test) {
    String wanted = test.generated() == 0 ? "pp" : test.prompt() == 0 ? "tg" : "";
    double rate = 0;
    List<String> header = List.of();
    for (String line : table().lines().toList()) {
      if (line.startsWith("{") && line.contains("\"speed")) {
        String field = wanted.isEmpty() ? "speed" : "speed_" + wanted;
        rate = JsonMapper.shared().readTree(line).path(field).asDouble(0);
      } else if (line.startsWith("|") && line.contains("S_TG t/s")) {
        header = cells(line);
      } else if (line.startsWith("|") && !line.startsWith("|-") && !header.isEmpty()) {
        String column =
            wanted.isEmpty() ? "S t/s" : "S_" + wanted.toUpperCase(Locale.ROOT) + " t/s";
        rate = Double.parseDouble(cells(line).get(header.indexOf(column)));
      }
    }
    return rate;
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.split("\\|")).skip(1).map(String::strip).toList();
  }

  private JandaiaException unknown(BenchTest test) {
    return new JandaiaException(
        "%s, %s: expected one result of llama-bench -o json or of llama-batched-bench, found: %s"
            .formatted(label, test.label(), shortened(table())));
  }

  private static String shortened(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
  }
}
