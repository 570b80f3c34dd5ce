package dev.jandaia.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.checkpoint.SafetensorsFile;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code logits}, {@code generate} and {@code grads} on recorded models. */
class ModelCommandsTest {
  private static final String LLAMA = Goldens.model("llama32").toString();

  @TempDir Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"llama32", "gemma3_text", "deepseek_v3", "gpt2"})
  void logitsAndHiddenStatesAreTheRecordedOnes(String name) {
    Path out = temporary.resolve("logits.safetensors");
    try (SafetensorsFile golden = Goldens.numbers(name)) {
      Tensor rows = golden.tensor("input_ids");
      Cli cli =
          Cli.run(
              "logits",
              Goldens.model(name).toString(),
              "--ids",
              Goldens.ids(rows, 0),
              "--out",
              out.toString(),
              "--hidden");
      assertEquals(new Cli(0, "", ""), cli);
      try (SafetensorsFile written = SafetensorsFile.open(out)) {
        Tensor logits = written.tensor("logits");
        long vocab = golden.tensor("logits").shape().dim(-1);
        assertEquals(Shape.of(1, rows.shape().dim(1), vocab), logits.shape());
        Goldens.assertClose(
            "logits", Goldens.floats(golden.tensor("logits")), Goldens.floats(logits));
        assertHidden(golden, written);
      }
    }
  }

  private static void assertHidden(SafetensorsFile golden, SafetensorsFile written) {
    int compared = 0;
    for (Tensor expected : golden.tensors().values()) {
      if (expected.name().startsWith("hidden_")) {
        Tensor actual = written.tensor(expected.name());
        assertEquals(expected.shape(), actual.shape(), expected.name());
        Goldens.assertClose(expected.name(), Goldens.floats(expected), Goldens.floats(actual));
        compared++;
      }
    }
    assertTrue(compared >= 3, "hidden states compared: " + compared);
  }

  @Test
  void withoutHiddenTheFileHoldsLogitsAlone() {
    Path out = temporary.resolve("logits.safetensors");

    Cli.run("logits", LLAMA, "--ids", "1 2 3", "--out", out.toString(), "-t", "1");

    try (SafetensorsFile written = SafetensorsFile.open(out)) {
      assertEquals(List.of("logits"), List.copyOf(written.tensors().keySet()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama32", "gemma3_text", "deepseek_v3", "gpt2"})
  void greedyIdsAreTheRecordedOnes(String name) {
    try (SafetensorsFile golden = Goldens.numbers(name)) {
      Tensor expected = golden.tensor("greedy_ids");
      Cli cli =
          Cli.run(
              "generate",
              Goldens.model(name).toString(),
              "--ids",
              Goldens.ids(golden.tensor("input_ids"), 0),
              "-n",
              String.valueOf(expected.shape().dim(1)),
              "--greedy");
      String line = Goldens.ids(expected, 0).replace(',', ' ') + System.lineSeparator();
      assertEquals(new Cli(0, line, ""), cli);
    }
  }

  @Test
  void rowsOfABatchAreContinuedAsTheyAreAlone() {
    String first = Cli.run("generate", LLAMA, "--ids", "5,6,7", "-n", "9", "--greedy").out();
    String second = Cli.run("generate", LLAMA, "--ids", "90", "-n", "9", "--greedy").out();

    Cli both = Cli.run("generate", LLAMA, "--ids", "5,6,7", "--ids", "90", "-n", "9", "--greedy");

    assertEquals(first + second, both.out());
  }

  @Test
  void seedReproducesAndSamplingOptionsAct() {
    String[] sampled = {"generate", LLAMA, "--ids", "5,6", "-n", "20", "--temp", "2", "--seed"};

    assertEquals(Cli.run(with(sampled, "7")), Cli.run(with(sampled, "7")));
    assertFalse(Cli.run(with(sampled, "7")).out().equals(Cli.run(with(sampled, "8")).out()));
    String greedy = Cli.run("generate", LLAMA, "--ids", "5,6", "-n", "20", "--greedy").out();
    assertEquals(greedy, Cli.run(with(sampled, "7", "--top-k", "1")).out());
    assertEquals(greedy, Cli.run(with(sampled, "7", "--samplers", "top_k", "--top-k", "1")).out());
    String banned = greedy.split(" ")[0];
    assertFalse(
        Cli.run(with(sampled, "7", "--top-k", "1", "-l", banned + "-inf"))
            .out()
            .startsWith(banned + " "));
  }

  private static String[] with(String[] args, String... more) {
    return Stream.concat(Stream.of(args), Stream.of(more)).toArray(String[]::new);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama32", "gpt2"})
  void gradientsAreTheRecordedOnes(String name) throws IOException {
    Path out = temporary.resolve("grads.safetensors");
    Path rows = temporary.resolve("rows.json");
    try (SafetensorsFile golden = Goldens.numbers(name)) {
      Tensor ids = golden.tensor("input_ids");
      List<String> lists = new ArrayList<>();
      for (int row = 0; row < ids.shape().dim(0); row++) {
        lists.add("[" + Goldens.ids(ids, row) + "]");
      }
      Files.writeString(rows, lists.toString());
      Cli cli =
          Cli.run(
              "grads",
              Goldens.model(name).toString(),
              "--ids",
              rows.toString(),
              "--out",
              out.toString());
      assertEquals(new Cli(0, "", ""), cli);
      try (SafetensorsFile written = SafetensorsFile.open(out)) {
        assertGradients(golden, written);
      }
    }
  }

  private static void assertGradients(SafetensorsFile golden, SafetensorsFile written) {
    float loss = Goldens.floats(golden.tensor("loss"))[0];
    assertEquals(loss, Goldens.floats(written.tensor("loss"))[0], 2e-4);
    List<String> expected =
        golden.tensors().keySet().stream().filter(name -> name.startsWith("grad.")).toList();
    assertFalse(expected.isEmpty());
    for (String tensor : expected) {
      double error =
          relativeError(
              Goldens.floats(golden.tensor(tensor)), Goldens.floats(written.tensor(tensor)));
      assertTrue(error <= 1e-3, tensor + ": " + error);
    }
  }

  private static double relativeError(float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow(expected[i] - actual[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    return norm == 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
  }
}
