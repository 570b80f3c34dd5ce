package dev.jandaia.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.Goldens;
import dev.jandaia.checkpoint.HfDirectory;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.load.LoadedModel;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Tensor;
import dev.jandaia.tensor.block.BlockCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PooledHeadsTest {
  private static final int[] IDS = {3, 1, 4, 1, 5, 9, 2, 6};

  /** Four heads of four elements. */
  private static final String LLAMA =
      """
      {"model_type": "llama", "vocab_size": 16, "hidden_size": 16, "intermediate_size": 8,
       "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 4,
       "max_position_embeddings": 32, "attention_bias": true}
      """;

  @TempDir Path temporary;

  @Test
  void headsAreTheMeansOfTheirGroups() throws IOException {
    Path from = Checkpoints.random(temporary.resolve("from"), LLAMA, (_, _) -> {});
    Path to = temporary.resolve("to");
    Checkpoints.convert(new Conversion.PoolHeads(2), from, to);
    try (HfDirectory old = HfDirectory.open(from);
        HfDirectory pooled = HfDirectory.open(to);
        LoadedModel loaded = LoadedModel.open(to, Kernels.best())) {
      var attention = (GroupedQueryAttention) loaded.spec().blocks().getFirst().mixer();
      assertEquals(2, attention.numKvHeads());
      assertEquals(old.tensors().keySet(), pooled.tensors().keySet());
      for (Tensor before : old.tensors().values()) {
        Tensor after = pooled.tensor(before.name());
        if (before.name().matches(".*[kv]_proj.*")) {
          assertMeans(before, after);
        } else {
          assertArrayEquals(Checkpoints.bytes(before), Checkpoints.bytes(after), before.name());
        }
      }
    }
  }

  /** New head g is (old head 2g + old head 2g + 1)/2; a head is 4 rows. */
  private static void assertMeans(Tensor before, Tensor after) {
    float[] old = BlockCodec.floats(before);
    float[] pooled = BlockCodec.floats(after);
    int head = old.length / 4;
    assertEquals(old.length / 2, pooled.length);
    for (int g = 0; g < 2; g++) {
      for (int i = 0; i < head; i++) {
        double mean = ((double) old[2 * g * head + i] + old[(2 * g + 1) * head + i]) / 2;
        assertEquals((float) mean, pooled[g * head + i], before.name());
      }
    }
  }

  @Test
  void headsThatWereEqualLoseNothing() throws IOException {
    Path from =
        Checkpoints.random(
            temporary.resolve("from"),
            LLAMA,
            (parameter, values) -> {
              if (parameter.path().matches(".*mixer\\.(key|value)\\..*")) {
                int head = values.length / 4;
                System.arraycopy(values, 0, values, head, head);
                System.arraycopy(values, 2 * head, values, 3 * head, head);
              }
            });
    Path to = temporary.resolve("to");
    Checkpoints.convert(new Conversion.PoolHeads(2), from, to);
    assertEquals(
        0, Checkpoints.apart(Checkpoints.logits(from, IDS), Checkpoints.logits(to, IDS)), 1e-6);
    try (LoadedModel a = LoadedModel.open(from, Kernels.best());
        LoadedModel b = LoadedModel.open(to, Kernels.best());
        Workers workers = Workers.of(1)) {
      Difference difference = Difference.of(a, b, IDS, workers);
      assertEquals(0, difference.allAttention(), 1e-6);
      assertEquals(1, difference.sameToken());
    }
  }

  @Test
  void theDifferenceIsThatOfTheOutputs() throws IOException {
    Path from = Checkpoints.random(temporary.resolve("from"), LLAMA, (_, _) -> {});
    Path to = temporary.resolve("to");
    Checkpoints.convert(new Conversion.PoolHeads(1), from, to);
    double apart = Checkpoints.apart(Checkpoints.logits(from, IDS), Checkpoints.logits(to, IDS));
    assertTrue(apart > 0.01);
    try (LoadedModel a = LoadedModel.open(from, Kernels.best());
        LoadedModel b = LoadedModel.open(to, Kernels.best());
        Workers workers = Workers.of(1)) {
      Difference difference = Difference.of(a, b, IDS, workers);
      assertEquals(apart, difference.logits(), 1e-6);
      assertEquals(2, difference.attention().size());
      assertTrue(difference.attention().stream().allMatch(x -> x > 0.01 && x < 2));
    }
  }

  /** Queries, keys and values in one tensor. */
  @Test
  void fusedProjectionsArePooledInPlace() {
    Path from = Goldens.file("phi3");
    Path to = temporary.resolve("to");
    Checkpoints.convert(new Conversion.PoolHeads(1), from, to);
    try (LoadedModel loaded = LoadedModel.open(to, Kernels.best())) {
      var attention = (GroupedQueryAttention) loaded.spec().blocks().getFirst().mixer();
      assertEquals(1, attention.numKvHeads());
      assertEquals(List.of(), loaded.unread());
    }
    float[] before = Checkpoints.logits(from, IDS);
    assertTrue(Checkpoints.apart(before, Checkpoints.logits(to, IDS)) < 2);
  }

  @Test
  void whatCannotBePooledIsRefused() throws IOException {
    Path llama = Checkpoints.random(temporary.resolve("from"), LLAMA, (_, _) -> {});
    assertRefused(llama, 3, "divides 4, found 3");
    assertRefused(llama, 0, "divides 4, found 0");
    assertRefused(Goldens.file("olmo2"), 1, "a norm over all heads");
    assertRefused(Goldens.file("deepseek_v3"), 1, "expected layers with key/value heads");
    assertRefused(Goldens.file("gpt2"), 1, "config.json of gpt2 cannot express 1 key/value heads");
  }

  private void assertRefused(Path from, int heads, String message) {
    Path to = temporary.resolve("refused");
    JandaiaException e =
        assertThrows(
            JandaiaException.class,
            () -> Checkpoints.convert(new Conversion.PoolHeads(heads), from, to));
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertFalse(Files.exists(to));
  }
}
