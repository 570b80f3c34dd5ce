package dev.jandaia.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
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
  }

  @Test
  void markdownIsATableOnStandardOutputAndProgressIsNot() {
    Cli cli = run("md");

    assertTrue(
        cli.out().startsWith("| model | size | params | backend | threads | cache | test | t/s |"));
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
    Cli cli = Cli.run("bench", LLAMA, "-p", "0", "-n", "4", "-t", "1", "-r", "1", "-o", "csv");

    assertEquals(2, cli.out().lines().count(), cli.out());
  }

  private static Cli run(String format) {
    Cli cli = Cli.run("bench", LLAMA, "-p", "8,16", "-n", "4", "-t", "1", "-r", "2", "-o", format);
    assertEquals(0, cli.exitCode(), cli.err());
    return cli;
  }
}
