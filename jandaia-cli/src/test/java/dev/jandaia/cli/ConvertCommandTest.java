package dev.jandaia.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvertCommandTest {
  private static final String PROMPT = "1,2,3,4,5,6,7";

  @TempDir Path temporary;

  @Test
  void fewerHeadsAreReportedAndRun() {
    String to = temporary.resolve("to").toString();
    Cli cli =
        Cli.run("convert", llama(), to, "--kv-heads", "1", "--ids", PROMPT, "--dtype", "bf16");

    assertEquals(0, cli.exitCode(), cli.err());
    assertTrue(cli.out().contains("key/value heads: 2 to 1"), cli.out());
    assertTrue(cli.out().contains("compared on 7 tokens"), cli.out());
    assertTrue(cli.out().matches("(?s).*attention of layer 1: 0\\.\\d+\n.*"), cli.out());
    assertTrue(cli.out().matches("(?s).*logits: \\d\\.\\d+\n.*"), cli.out());
    Cli show = Cli.run("show", to);
    assertTrue(show.out().contains("MQA") || show.out().contains("1 key"), show.out());
  }

  @Test
  void latentAttentionOfFullRankGeneratesTheSame() {
    String to = temporary.resolve("to").toString();
    Cli cli = Cli.run("convert", llama(), to, "--mla-rank", "32", "--ids", PROMPT);

    assertEquals(0, cli.exitCode(), cli.err());
    assertTrue(cli.out().contains("same likeliest token: 100.0%"), cli.out());
    assertTrue(cli.out().contains("rank 32 of 32 leaves out 0"), cli.out());
    assertEquals(greedy(llama()), greedy(to));
  }

  @Test
  void shardsGenerateTheSame() {
    Path to = temporary.resolve("to");
    Cli cli = Cli.run("convert", llama(), to.toString(), "--max-shard-size", "50 KB");

    assertEquals(0, cli.exitCode(), cli.err());
    assertEquals("", cli.out());
    assertTrue(Files.exists(to.resolve("model.safetensors.index.json")));
    assertEquals(greedy(llama()), greedy(to.toString()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--kv-heads 3 | 1 | divides 2, found 3",
        "--kv-heads x | 2 | is not an int",
        "--kv-heads 1 --lora DIR | 2 | mutually exclusive",
        "--mla-rank 4 --kv-heads 1 | 2 | expected one of these: --mla-rank=4, --kv-heads=1",
        "--rope-dim 8 | 2 | --mla-rank",
        "--max-shard-size big | 2 | expected a size like 500MB",
        "--max-shard-size 0GB | 2 | expected a size like 500MB",
        "--dtype Q8_0 | 2 | expected one of [F32, BF16, F16]",
        "--lora nowhere | 1 | no adapter_config.json",
        "--mla-rank 99 | 1 | mla-rank: expected from 1 to 32, found 99",
        "--kv-heads 1 --ids 1,2 --text x | 2 | expected --ids or --text, found both",
        "--kv-heads 1 --ids 1,999 | 1 | found 999"
      })
  void badInputIsOneLine(String options, int exitCode, String message) {
    Path to = temporary.resolve("to");
    String[] arguments = ("convert " + llama() + " " + to + " " + options).split(" ");
    Cli cli = Cli.run(arguments);

    assertEquals(exitCode, cli.exitCode(), cli.err());
    assertTrue(cli.err().contains(message), cli.err());
    assertFalse(Files.exists(to));
  }

  private static Cli greedy(String model) {
    return Cli.run("generate", model, "--ids", PROMPT, "-n", "12", "--greedy");
  }

  private static String llama() {
    return Goldens.model("llama32").toString();
  }
}
