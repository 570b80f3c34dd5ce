package dev.jandaia.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code tokenize} and {@code template}. */
class TextCommandsTest {
  private static final String SEPARATOR = "\n__ggml_vocab_test__\n";

  @TempDir Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"gpt-2", "llama-spm", "phi-3", "deepseek-llm"})
  void idsOfAFileAreThePublishedOnes(String name) throws IOException {
    if (!Goldens.hasShared("tokenizers/" + name + ".gguf")) {
      return;
    }
    String model = Goldens.shared("tokenizers/" + name + ".gguf").toString();
    String[] texts = Files.readString(path(name + ".inp")).split(SEPARATOR, -1);
    List<String> lines = Files.readAllLines(path(name + ".out"));
    assertTrue(lines.size() > 20);
    // each command opens the vocabulary anew: a few rows, the core's tests have them all
    for (int row : new int[] {0, lines.size() / 2, lines.size() - 2, lines.size() - 1}) {
      Path file = Files.writeString(temporary.resolve("text"), texts[row]);
      Cli cli = Cli.run("tokenize", model, "--file", file.toString(), "--ids");
      assertEquals(new Cli(0, lines.get(row).strip() + System.lineSeparator(), ""), cli);
    }
  }

  private static Path path(String file) {
    return Goldens.shared("tokenizers/" + file);
  }

  @Test
  void gzippedTekkenIsRead() throws IOException {
    if (!Goldens.hasShared("tokenizers/tekken_240911.json.gz")) {
      return;
    }
    Cli cli = Cli.run("tokenize", path("tekken_240911.json.gz").toString(), "-p", "Hello", "--ids");

    assertEquals(0, cli.exitCode(), cli.err());
    assertTrue(cli.out().matches("\\d+\\R"), cli.out());
  }

  @Test
  void tokensAreListedOnePerLineAndTextComesFromStandardInput() {
    if (!Goldens.hasShared("tokenizers/gpt-2.gguf")) {
      return;
    }
    String model = path("gpt-2.gguf").toString();
    String lines = "15496\tHello" + System.lineSeparator() + "995\tĠworld" + System.lineSeparator();

    assertEquals(lines, Cli.run(Cli.surroundings("Hello world"), "tokenize", model).out());
    assertEquals(lines, Cli.run("tokenize", model, "--prompt", "Hello world").out());
  }

  @Test
  void controlTokensAreTextUnlessAskedFor() {
    if (!Goldens.hasShared("tokenizers/llama-spm.gguf")) {
      return;
    }
    String model = path("llama-spm.gguf").toString();
    String[] plain = Cli.run("tokenize", model, "-p", "</s>", "--ids").out().strip().split(" ");

    assertTrue(plain.length > 1);
    assertEquals("2", Cli.run("tokenize", model, "-p", "</s>", "--ids", "--special").out().strip());
    assertEquals(
        "1 2",
        Cli.run("tokenize", model, "-p", "</s>", "--ids", "--special", "--bos").out().strip());
  }

  @Test
  void templateIsRenderedToTheLetter() throws IOException {
    Path template =
        Files.writeString(temporary.resolve("t.jinja"), "<{{ messages[0].content }}>\n");
    Path row =
        Files.writeString(temporary.resolve("row.json"), "{\"messages\":[{\"content\":\"ã\"}]}");

    assertEquals(
        new Cli(0, "<ã>", ""), Cli.run("template", template.toString(), "--row", row.toString()));
  }

  @Test
  void publishedTemplatesRenderAsExpected() throws IOException {
    if (!Goldens.hasShared("templates/expected.json")) {
      return;
    }
    JsonNode rows =
        JsonMapper.shared().readTree(Files.readString(Goldens.shared("templates/expected.json")));
    for (JsonNode row : rows) {
      Path file = Files.writeString(temporary.resolve("row.json"), row.toString());
      Path template = Goldens.shared("templates/" + row.path("template").stringValue());
      Cli cli = Cli.run("template", template.toString(), "--row", file.toString());
      if (row.has("raises")) {
        assertEquals(1, cli.exitCode());
        assertTrue(cli.err().contains(row.path("raises").stringValue()), cli.err());
      } else {
        assertEquals(new Cli(0, row.path("expected").stringValue(), ""), cli);
      }
    }
  }

  @Test
  void rowThatIsNoObjectIsRefused() throws IOException {
    Path template = Files.writeString(temporary.resolve("t.jinja"), "x");
    Path row = Files.writeString(temporary.resolve("row.json"), "[1]");

    assertEquals(
        "jandaia: " + row + ": expected a JSON object, found array" + System.lineSeparator(),
        Cli.run("template", template.toString(), "--row", row.toString()).err());
  }
}
