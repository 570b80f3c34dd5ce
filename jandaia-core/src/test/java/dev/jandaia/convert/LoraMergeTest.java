package dev.jandaia.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.Goldens;
import dev.jandaia.checkpoint.HfDirectory;
import dev.jandaia.checkpoint.SafetensorsFile;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Tensor;
import dev.jandaia.tensor.block.BlockCodec;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters of PEFT, and what PEFT itself merges. */
class LoraMergeTest {
  private static final String MERGED = "merged.";

  @TempDir Path temporary;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "qv_r4_alpha8",
        "all_linear_r2_rslora",
        "rank_alpha_pattern",
        "dora_r4",
        "lm_head_embed_r2",
        "modules_to_save_lm_head"
      })
  void mergedWeightsAndLogitsAreThoseOfPeft(String name) {
    Path adapter = lora(name);
    Path to = temporary.resolve("to");
    Checkpoints.convert(new Conversion.MergeLora(adapter), lora("base"), to);
    try (SafetensorsFile expected = SafetensorsFile.open(adapter.resolve("expected.safetensors"));
        HfDirectory base = HfDirectory.open(lora("base"));
        HfDirectory merged = HfDirectory.open(to)) {
      int compared = 0;
      for (Tensor before : base.tensors().values()) {
        Tensor after = merged.tensor(before.name());
        if (expected.tensors().containsKey(MERGED + before.name())) {
          float[] wanted = BlockCodec.floats(expected.tensor(MERGED + before.name()));
          assertArrayEquals(wanted, BlockCodec.floats(after), 2e-6f, before.name());
          compared++;
        } else {
          assertArrayEquals(Checkpoints.bytes(before), Checkpoints.bytes(after), before.name());
        }
      }
      assertEquals(
          expected.tensors().keySet().stream().filter(x -> x.startsWith(MERGED)).count(), compared);
      assertLogits(BlockCodec.floats(expected.tensor("logits_merged")), to);
    }
  }

  private static void assertLogits(float[] expected, Path model) {
    try (SafetensorsFile io = SafetensorsFile.open(lora("io.safetensors"))) {
      Tensor ids = io.tensor("input_ids");
      int length = (int) ids.shape().dim(1);
      int perRow = expected.length / (int) ids.shape().dim(0);
      for (int row = 0; row < ids.shape().dim(0); row++) {
        int[] tokens = new int[length];
        for (int i = 0; i < length; i++) {
          long at = (long) row * length + i;
          tokens[i] = (int) ids.data().getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, at);
        }
        float[] wanted = Arrays.copyOfRange(expected, row * perRow, (row + 1) * perRow);
        assertArrayEquals(wanted, Checkpoints.logits(model, tokens), 5e-5f);
      }
    }
  }

  @Test
  void anAdapterForAnotherModelIsRefused() {
    assertRefused(Goldens.file("llama32"), lora("lm_head_embed_r2"), "lm_head.weight, which");
    assertRefused(Goldens.file("llama_mqa"), lora("qv_r4_alpha8"), "expected an update of");
    assertRefused(lora("base"), temporary.resolve("nothing"), "no adapter_config.json");
  }

  @Test
  void whatIsNotMergedIsRefused() throws IOException {
    refused("\"peft_type\": \"LORA\"", "\"peft_type\": \"IA3\"", "peft_type: expected one of LORA");
    refused("\"lora_bias\": false", "\"lora_bias\": true", "lora_bias: expected false");
    refused(
        "\"init_lora_weights\": true", "\"init_lora_weights\": \"pissa\"", "init_lora_weights: ");
    refused("\"r\": 4", "\"r\": 3", "expected matrices [3, in] and [out, 3]");
    refused("\"use_dora\": false", "\"use_dora\": true", "this tensor, as use_dora says");
    refused("\"rank_pattern\": {}", "\"rank_pattern\": {\"(\": 4}", "a regular expression");
  }

  private void refused(String field, String other, String message) throws IOException {
    Path adapter = Files.createDirectories(temporary.resolve("adapter" + message.hashCode()));
    Path from = lora("qv_r4_alpha8");
    String config = Files.readString(from.resolve("adapter_config.json"));
    assertTrue(config.contains(field), field);
    Files.writeString(adapter.resolve("adapter_config.json"), config.replace(field, other));
    Files.copy(
        from.resolve("adapter_model.safetensors"), adapter.resolve("adapter_model.safetensors"));
    assertRefused(lora("base"), adapter, message);
  }

  private void assertRefused(Path base, Path adapter, String message) {
    Path to = temporary.resolve("refused");
    JandaiaException e =
        assertThrows(
            JandaiaException.class,
            () -> Checkpoints.convert(new Conversion.MergeLora(adapter), base, to));
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertFalse(Files.exists(to));
  }

  private static Path lora(String name) {
    return Goldens.file("training/lora").resolve(name);
  }
}
