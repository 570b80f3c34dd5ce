package dev.jandaia.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExportCommandTest {
  private static final String PROMPT = "1,2,3,4,5,6,7";

  @TempDir Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"llama32", "mixtral", "qwen3"})
  void ggufFileOfAModelBecomesTheModelAgain(String name) {
    String model = Goldens.model(name).toString();
    String file = temporary.resolve("model.gguf").toString();
    String directory = temporary.resolve("again").toString();
    assertEquals(0, Cli.run("quantize", model, file, "--type", "F32").exitCode());

    Cli cli = Cli.run("export", file, directory);

    assertEquals(0, cli.exitCode(), cli.err());
    assertTrue(cli.err().contains("has no tokenizer, so none is written"), cli.err());
    assertEquals(greedy(model), greedy(directory));
  }

  private static Cli greedy(String model) {
    return Cli.run("generate", model, "--ids", PROMPT, "-n", "12", "--greedy");
  }

  @Test
  void typeIsSaidInTheConfig() throws IOException {
    Path directory = temporary.resolve("half");
    String model = Goldens.model("qwen3").toString();

    Cli cli = Cli.run("export", model, directory.toString(), "--type", "bf16");

    assertEquals(0, cli.exitCode(), cli.err());
    String config = Files.readString(directory.resolve("config.json"));
    assertTrue(config.contains("\"torch_dtype\" : \"bfloat16\""), config);
    assertTrue(
        Files.size(directory.resolve("model.safetensors"))
            < Files.size(Path.of(model).resolve("model.safetensors")) * 6 / 10);
  }

  @Test
  void nothingIsOverwritten() {
    Cli cli = Cli.run("export", Goldens.model("qwen3").toString(), temporary.toString());

    assertEquals(1, cli.exitCode());
    assertTrue(cli.err().contains("expected a new directory, found one that exists"), cli.err());
  }
}
