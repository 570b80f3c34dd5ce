package dev.jandaia.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.checkpoint.GgufFile;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantizeCommandTest {
  private static final String PROMPT = "1,2,3,4,5,6,7";

  @TempDir Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"llama32", "mixtral", "gpt2", "qwen3", "olmo2", "llama_bias"})
  void modelSaysTheSameAsGgufInFullPrecision(String name) {
    String model = Goldens.model(name).toString();
    String file = temporary.resolve("model.gguf").toString();

    Cli cli = Cli.run("quantize", model, file, "--type", "f32");

    assertEquals(0, cli.exitCode(), cli.err());
    assertEquals(greedy(model), greedy(file));
  }

  private static Cli greedy(String model) {
    return Cli.run("generate", model, "--ids", PROMPT, "-n", "12", "--greedy");
  }

  @Test
  void matricesGetTheTypeAndVectorsStay() {
    Path file = quantised(Goldens.model("mixtral"), "Q8_0");

    try (GgufFile gguf = GgufFile.open(file)) {
      assertEquals(7L, gguf.metadata().get("general.file_type"));
      for (Tensor tensor : gguf.tensors().values()) {
        boolean router = tensor.name().endsWith("ffn_gate_inp.weight");
        boolean small = tensor.shape().rank() == 1 || router;
        boolean whole = tensor.shape().dim(-1) % 32 == 0;
        DType expected = small ? DType.F32 : whole ? DType.Q8_0 : DType.F16;
        assertEquals(expected, tensor.dtype(), tensor.name());
      }
    }
  }

  @Test
  void typeThatDoesNotFitGivesWayAloud() {
    Path file = temporary.resolve("model.gguf");
    Cli cli =
        Cli.run("quantize", Goldens.model("mixtral").toString(), file.toString(), "--type", "Q4_K");

    assertEquals(0, cli.exitCode(), cli.err());
    assertTrue(
        cli.err().contains("because their rows are not whole blocks of 256 as Q4_K needs"),
        cli.err());
  }

  @Test
  void ggufKeepsItsMetadataAndTokenizer() {
    String model = "models/dreams-260k/dreams-260k-f32.gguf";
    if (!Goldens.hasShared(model)) {
      return;
    }
    Path file = quantised(Goldens.shared(model), "Q4_0");

    try (GgufFile before = GgufFile.open(Goldens.shared(model));
        GgufFile after = GgufFile.open(file)) {
      assertEquals(before.tensors().keySet(), after.tensors().keySet());
      assertTrue(after.typedMetadata().keySet().containsAll(before.typedMetadata().keySet()));
    }
    assertEquals(
        Cli.run("tokenize", Goldens.shared(model).toString(), "-p", "Echoes of", "--ids"),
        Cli.run("tokenize", file.toString(), "-p", "Echoes of", "--ids"));
  }

  @Test
  void modelThatGgufCannotExpressIsRefusedAndNothingIsWritten() throws IOException {
    Path file = temporary.resolve("model.gguf");
    Cli cli =
        Cli.run("quantize", Goldens.model("gemma2").toString(), file.toString(), "--type", "Q8_0");

    assertEquals(1, cli.exitCode());
    assertTrue(cli.err().contains("GGUF architecture gemma2 cannot express"), cli.err());
    try (Stream<Path> files = Files.list(temporary)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void unknownTypeListsThePossibleOnes() {
    Cli cli = Cli.run("quantize", "in", "out", "--type", "Q9");

    assertEquals(2, cli.exitCode());
    assertTrue(cli.err().contains("expected one of F32, F16, BF16, Q4_0"), cli.err());
    assertFalse(cli.err().contains("Q8_1"), cli.err());
  }

  @Test
  void inputIsNotOverwritten() {
    Path file = quantised(Goldens.model("llama32"), "F16");
    Cli cli = Cli.run("quantize", file.toString(), file.toString(), "--type", "Q8_0");

    assertEquals(2, cli.exitCode());
    assertTrue(cli.err().contains("expected another file than IN"), cli.err());
  }

  private Path quantised(Path model, String type) {
    Path file = temporary.resolve("model.gguf");
    Cli cli = Cli.run("quantize", model.toString(), file.toString(), "--type", type);
    assertEquals(0, cli.exitCode(), cli.err());
    return file;
  }
}
