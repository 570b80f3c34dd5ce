package dev.jandaia.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchCommandTest {
  private static final String LLAMA = Goldens.model("llama32").toString();

  @Test
  void jsonHasTheFieldsOfLlamaBench() {
    Cli cli = run("json");

    JsonNode results = JsonMapper.shared().readTree(cli.out());
    assertEquals(3, results.size());
    JsonNode prompt = results.get(1);
    assertEquals(16, prompt.path("n_prompt").intValue());
    assertEquals(0, prompt.path("n_gen").intValue());
    assertEquals(4, results.get(2).path("n_gen").intValue());
    assertEquals(2, prompt.path("samples_ns").size());
    assertEquals(54_000, prompt.path("model_n_params").intValue());
    double expected = 16e9 / prompt.path("samples_ns").get(0).longValue();
    assertEquals(expected, prompt.path("samples_ts").get(0).doubleValue(), 1e-6 * expected);
    double mean = (expected + prompt.path("samples_ts").get(1).doubleValue()) / 2;
    assertEquals(mean, prompt.path("avg_ts").doubleValue(), 1e-6 * mean);
    assertTrue(prompt.path("load_ns").longValue() > 0);
    assertTrue(prompt.path("first_token_ns").longValue() > 0);
  }

  @Test
  void markdownIsATableOnStandardOutputAndProgressIsNot() {
    Cli cli = run("md");

    assertTrue(cli.out().startsWith("| model | size | params | backend | threads | test | t/s |"));
    assertTrue(cli.out().contains("| pp8 | "), cli.out());
    assertTrue(cli.out().contains("| tg4 | "), cli.out());
    assertEquals(6, cli.err().lines().count(), cli.err());
  }

  @Test
  void csvHasOneLinePerTest() {
    assertEquals(4, run("csv").out().lines().count());
  }

  @Test
  void zeroSkipsATest() {
    Cli cli = Cli.run(arguments("-p 0 -n 4 -o csv"));

    assertEquals(2, cli.out().lines().count(), cli.out());
  }

  @ParameterizedTest
  @CsvSource({
    "-p 0 -n 4 -d 0;9, tg4|tg4 @ d9",
    "-p 8 -n 4 -s 1;3, pp8|tg4|tg4 ×3",
    "-p 0 -n 0 -pg 8;4 -pg 4;8 -d 5, pp8+tg4 @ d5|pp4+tg8 @ d5"
  })
  void testsAreTheProductOfTheOptions(String options, String expected) {
    Cli cli = Cli.run(arguments(options + " -o md"));

    assertEquals(0, cli.exitCode(), cli.err());
    List<String> labels =
        cli.out()
            .lines()
            .filter(line -> line.startsWith("| llama"))
            .map(line -> line.split(" \\| ")[5])
            .toList();
    assertEquals(List.of(expected.split("\\|")), labels);
  }

  @Test
  void theContextCanBeMadeUp() {
    Cli cli = Cli.run(arguments("-p 0 -n 4 -d 70 --random-depth -o md"));

    assertTrue(cli.out().contains("| tg4 @ d70 | "), cli.out());
    assertTrue(cli.out().contains(", filled with random numbers; "), cli.out());
  }

  @Test
  void tokensOfAllSequencesCount() {
    Cli cli = Cli.run(arguments("-p 0 -n 4 -s 3 -o json"));

    JsonNode test = JsonMapper.shared().readTree(cli.out()).get(0);
    double expected = 3 * 4e9 / test.path("samples_ns").get(0).longValue();
    assertEquals(expected, test.path("samples_ts").get(0).doubleValue(), 1e-6 * expected);
    assertEquals(3, test.path("n_sequences").intValue());
  }

  @Test
  void rooflineShowsSharesOfWhatWasMeasuredInTheSameRun() {
    Cli cli = Cli.run(arguments("-p 8 -n 4 --roofline -o json"));

    assertEquals(0, cli.exitCode(), cli.err());
    JsonNode results = JsonMapper.shared().readTree(cli.out());
    JsonNode generation = results.get(1);
    assertTrue(generation.path("plain_read_bytes_per_second").doubleValue() > 1e8);
    // 54,000 f32 parameters per token, and a few bytes of cache
    double perToken =
        generation.path("bytes_per_second").doubleValue() / generation.path("avg_ts").doubleValue();
    assertTrue(perToken >= 216_000 && perToken < 400_000, "bytes per token: " + perToken);
    double flops =
        results.get(0).path("flops_per_second").doubleValue()
            / results.get(0).path("avg_ts").doubleValue();
    assertTrue(flops > 2 * 40_000 && flops < 2 * 60_000, "flops per token: " + flops);
  }

  @ParameterizedTest
  @CsvSource({
    "-p 0 -n 0, expected something to measure",
    "-pg 8, '-pg: expected P,N'",
    "-s 0, '-s: expected at least 1, found 0'",
    "-b 0, '-b: expected at least 1, found 0'",
    "-d -1, '-d: expected at least 0, found -1'"
  })
  void badOptionsAreNamed(String options, String message) {
    Cli cli = Cli.run(arguments(options));

    assertEquals(2, cli.exitCode(), cli.err());
    assertTrue(cli.err().contains(message), cli.err());
  }

  @Test
  void warmUpIsNotNegative() {
    Cli cli = Cli.run("bench", LLAMA, "-t", "1", "--warm-up", "-1");

    assertEquals(2, cli.exitCode(), cli.err());
    assertTrue(cli.err().contains("--warm-up: expected at least 0, found -1"), cli.err());
  }

  /** Options separated by spaces; {@code ;} stands for a comma. */
  private static String[] arguments(String options) {
    return ("bench " + LLAMA + " -t 1 -r 1 --warm-up 0 " + options.replace(';', ',')).split(" ");
  }

  private static Cli run(String format) {
    String options = " -p 8,16 -n 4 -t 1 -r 2 --warm-up 0 -o ";
    Cli cli = Cli.run(("bench " + LLAMA + options + format).split(" "));
    assertEquals(0, cli.exitCode(), cli.err());
    return cli;
  }
}
