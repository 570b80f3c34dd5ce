package dev.jandaia.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users get wrong: one line, the right exit code, and nothing half-written. */
class BadInputTest {
  private static final String LLAMA = Goldens.model("llama32").toString();

  @TempDir Path temporary;

  @Test
  void missingModelIsNamed() {
    assertFails(1, "absent.gguf: no such file or directory", "show", "absent.gguf");
    assertFails(1, "jandaia pull ORG/NAME fetches it", "show", "ORG/NAME");
    assertFails(1, "absent.gguf: no such file or directory", "tokenize", "absent.gguf");
  }

  @Test
  void directoryWithoutModelIsRefused() {
    String message = temporary + ": expected config.json or a GGUF file, found neither";

    assertFails(1, message, "show", temporary.toString());
    assertFails(1, message, "generate", temporary.toString(), "--ids", "1");
  }

  @Test
  void wrongOptionsExitWithTwo() {
    assertFails(2, "--output", "bench", LLAMA, "-o", "xml");
    assertFails(2, "--temp", "generate", LLAMA, "--ids", "1", "--temp", "warm");
    assertFails(2, "Missing required option: '--ids=IDS'", "generate", LLAMA);
    assertFails(2, "Missing required parameter: 'MODEL'", "show");
    assertFails(2, "unknown option --tepm", "generate", LLAMA, "--ids", "1", "--tepm", "1");
    assertFails(2, "found both", "tokenize", LLAMA, "--file", "f", "--prompt", "p");
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    String[] generate = {"generate", LLAMA, "--ids", "1"};
    assertFails(2, "--threads: expected at least 1, found 0", with(generate, "-t", "0"));
    assertFails(2, "-n: expected at least 0, found -1", with(generate, "-n", "-1"));
    assertFails(2, "top_p", with(generate, "--top-p", "1.5"));
    assertFails(2, "top_j", with(generate, "--samplers", "top_j"));
    assertFails(2, "--logit-bias: expected ID+X", with(generate, "--logit-bias", "x"));
  }

  private static String[] with(String[] args, String... more) {
    return Stream.concat(Stream.of(args), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void badIdsAreRefused() throws IOException {
    assertFails(1, "ids: expected 0 to 127, found 128", "generate", LLAMA, "--ids", "1,128");
    assertFails(1, "ids: expected 0 to 127, found -1", "generate", LLAMA, "--ids", "-1");
    assertFails(2, "expected token ids like 1,2,3, found \"two\"", logits("1,two,3"));
    assertFails(2, "expected token ids like 1,2,3, found \"\"", logits(""));
    assertFails(1, "rows.json: expected rows of token ids", grads("[[1, 2], [3, \"four\"]]"));
    assertFails(1, "rows.json: expected rows of token ids", grads("[1, 2]"));
    assertFails(1, "rows.json: expected rows of token ids", grads("[]"));
    assertFails(1, "rows.json: not valid JSON", grads("[[1, 2"));
    assertFails(1, "expected rows of at least 2 tokens, found 1", grads("[[1]]"));
    assertFails(1, "ids: expected 0 to 127, found 999", grads("[[1, 999]]"));
    assertEquals(List.of("rows.json"), files());
  }

  private String[] logits(String ids) {
    return new String[] {"logits", LLAMA, "--ids", ids, "--out", out()};
  }

  private String[] grads(String rows) throws IOException {
    Path file = Files.writeString(temporary.resolve("rows.json"), rows);
    return new String[] {"grads", LLAMA, "--ids", file.toString(), "--out", out()};
  }

  private String out() {
    return temporary.resolve("out.safetensors").toString();
  }

  @Test
  void unwritableOutputIsRefusedBeforeTheWork() {
    String out = temporary.resolve("absent/out.safetensors").toString();

    assertFails(1, "cannot be written: no directory", "logits", "x", "--ids", "1", "--out", out);
    assertFails(
        1,
        "cannot be written: it is a directory",
        "logits",
        "x",
        "--ids",
        "1",
        "--out",
        temporary.toString());
  }

  @Test
  void truncatedWeightsAreRefusedAndNothingIsWritten() throws IOException {
    Path model = Files.createDirectory(temporary.resolve("model"));
    Path golden = Goldens.model("llama32");
    Files.copy(golden.resolve("config.json"), model.resolve("config.json"));
    byte[] weights = Files.readAllBytes(golden.resolve("model.safetensors"));
    Files.write(model.resolve("model.safetensors"), Arrays.copyOf(weights, weights.length - 100));

    assertFails(1, "model.safetensors", "logits", model.toString(), "--ids", "1", "--out", out());
    assertEquals(List.of("model"), files());
  }

  @Test
  void brokenConfigIsNamed() throws IOException {
    Path config = temporary.resolve("config.json");

    Files.writeString(config, "{");
    assertFails(1, "config.json: not valid JSON", "show", config.toString());
    Files.writeString(config, "{\"model_type\": \"newest\"}");
    assertFails(1, "config.json: model_type: expected one of", "show", config.toString());
    Files.writeString(config, "{\"model_type\": \"llama\", \"hidden_size\": \"many\"}");
    assertFails(1, "config.json: ", "show", config.toString());
  }

  @Test
  void textThatIsNotUtf8IsRefused() throws IOException {
    Path text = Files.write(temporary.resolve("text"), new byte[] {'a', 'b', (byte) 0xff});
    if (Goldens.hasShared("tokenizers/gpt-2.gguf")) {
      assertFails(
          1,
          "text: expected UTF-8 text, found a wrong byte at offset 2",
          "tokenize",
          Goldens.shared("tokenizers/gpt-2.gguf").toString(),
          "--file",
          text.toString());
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static void assertFails(int exitCode, String message, String... args) {
    Cli cli = Cli.run(args);
    assertEquals(exitCode, cli.exitCode(), cli.err());
    assertEquals("", cli.out());
    assertTrue(cli.err().startsWith("jandaia: "), cli.err());
    assertTrue(cli.err().contains(message), cli.err());
    assertFalse(cli.err().contains("internal error"), cli.err());
    assertEquals(1, cli.err().lines().count(), cli.err());
  }
}
