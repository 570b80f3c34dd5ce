package dev.jandaia.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.checkpoint.GgufFile;
import dev.jandaia.convert.GgufMix;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Tensor;
import dev.jandaia.tensor.block.BlockCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SynthCommandTest {
  /** Rows of 256, so that every type fits; three values heads shared, so that mixes show. */
  private static final String CONFIG =
      """
      {"model_type": "llama", "hidden_size": 256, "intermediate_size": 512,
       "num_hidden_layers": 3, "num_attention_heads": 4, "num_key_value_heads": 1,
       "head_dim": 64, "vocab_size": %d, "max_position_embeddings": 512,
       "rms_norm_eps": 1e-05, "rope_theta": 500000.0, "tie_word_embeddings": false,
       "hidden_act": "silu"}
      """;

  @TempDir Path temporary;

  @ParameterizedTest
  @EnumSource
  void everyTypeRunsAndReadsItsOwnText(GgufMix type) throws IOException {
    Path file = synthetic(type.name(), 1000);

    Cli run = Cli.run("run", file.toString(), "-p", "the tea", "-n", "4", "--greedy");
    Cli ids = Cli.run("tokenize", file.toString(), "-p", "the tea, 1!", "--ids");

    assertEquals(0, run.exitCode(), run.err());
    assertEquals(0, ids.exitCode(), ids.err());
    assertTrue(ids.out().strip().split("\\D+").length < 11, "no merges: " + ids.out());
  }

  @Test
  void namesBytesAndTypesAreThoseOfAPublishedModel() throws IOException {
    Path file = synthetic("Q4_K_M", 1000);

    try (GgufFile gguf = GgufFile.open(file)) {
      assertEquals(15L, gguf.metadata().get("general.file_type"));
      assertEquals(DType.Q6_K, gguf.tensor("output.weight").dtype());
      assertEquals(DType.Q4_K, gguf.tensor("token_embd.weight").dtype());
      assertEquals(DType.F32, gguf.tensor("blk.0.attn_norm.weight").dtype());
      assertEquals(DType.Q6_K, gguf.tensor("blk.2.attn_v.weight").dtype());
      assertEquals(DType.Q4_K, gguf.tensor("blk.1.attn_v.weight").dtype());
    }
  }

  @Test
  void rowsDifferAndAreSmallAndGainsAreNearOne() throws IOException {
    try (GgufFile gguf = GgufFile.open(synthetic("Q8_0", 1000))) {
      Tensor matrix = gguf.tensor("token_embd.weight");
      Set<String> rows =
          Stream.iterate(0, i -> i + 1)
              .limit(1000)
              .map(row -> Arrays.toString(row(matrix, row)))
              .collect(Collectors.toSet());
      assertTrue(rows.size() > 600, "%d of 1000 rows differ".formatted(rows.size()));
      assertEquals(0.02, deviation(row(matrix, 3), 0), 0.005);
      assertEquals(0.05, deviation(row(gguf.tensor("output_norm.weight"), 0), 1), 0.02);
    }
  }

  @Test
  void sameCommandWritesTheSameFile() throws IOException {
    byte[] first = Files.readAllBytes(synthetic("Q4_0", 300));

    assertArrayEquals(first, Files.readAllBytes(synthetic("Q4_0", 300)));
  }

  @Test
  void vocabularyTooSmallForBytesHasNoTokenizer() throws IOException {
    Path file = synthetic("F32", 100);

    assertEquals(0, Cli.run("generate", file.toString(), "--ids", "1,2", "-n", "2").exitCode());
    assertNotEquals(0, Cli.run("tokenize", file.toString(), "-p", "x").exitCode());
  }

  @Test
  void shapeThatGgufCannotExpressIsRefusedAndNothingIsWritten() throws IOException {
    Path config = temporary.resolve("config.json");
    Path file = temporary.resolve("model.gguf");
    Files.writeString(
        config,
        CONFIG
            .formatted(100)
            .replace("\"llama\"", "\"nanochat\"")
            .replace("\"silu\"", "\"relu2\""));

    Cli cli =
        Cli.run("synth", "--shape", config.toString(), "--type", "Q8_0", "-o", file.toString());

    assertEquals(1, cli.exitCode());
    assertTrue(cli.err().contains("expected one that can be written as GGUF"), cli.err());
    try (Stream<Path> files = Files.list(temporary)) {
      assertEquals(List.of(config), files.toList());
    }
  }

  @Test
  void unknownTypeListsThePossibleOnes() {
    Cli cli = Cli.run("synth", "--shape", "qwen3-0.6b", "--type", "Q9", "-o", "x.gguf");

    assertEquals(2, cli.exitCode());
    assertTrue(cli.err().contains("Q4_K_M"), cli.err());
    assertFalse(Files.exists(Path.of("x.gguf")));
  }

  private Path synthetic(String type, int vocabulary) throws IOException {
    Path config = temporary.resolve("config.json");
    Path file = temporary.resolve(type + ".gguf");
    Files.writeString(config, CONFIG.formatted(vocabulary));
    Cli cli = Cli.run("synth", "--shape", config.toString(), "--type", type, "-o", file.toString());
    assertEquals(0, cli.exitCode(), cli.err());
    return file;
  }

  private static float[] row(Tensor tensor, int row) {
    float[] values = new float[(int) tensor.shape().dim(-1)];
    long offset = row * tensor.dtype().bytesFor(values.length);
    BlockCodec.of(tensor.dtype()).decode(tensor.data(), offset, values, 0, values.length);
    return values;
  }

  private static double deviation(float[] values, double mean) {
    double squares = 0;
    for (float value : values) {
      squares += (value - mean) * (value - mean);
    }
    return Math.sqrt(squares / values.length);
  }
}
