package dev.jandaia.atlas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.atlas.text.BlockText;
import dev.jandaia.family.Config;
import dev.jandaia.family.Families;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.CacheCount;
import dev.jandaia.spec.count.DecodeTraffic;
import dev.jandaia.tensor.DType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A model with compressed entries and hyper-connected streams, in words and numbers. */
class CompressedModelTest {
  private static final ModelSpec SPEC =
      Families.spec(
          Config.parse(
              "config.json",
              """
              {"model_type": "deepseek_v4", "num_hidden_layers": 4, "num_hash_layers": 1,
               "compress_ratios": [0, 4, 128, 128]}
              """));

  @Test
  void layersAreToldInWords() {
    assertEquals(
        List.of(
            "CSA 64 heads ×512",
            "K = V",
            "query latent 1,024",
            "sliding 128",
            "1 entry per 4 tokens, overlapping",
            "indexer top 512",
            "RoPE θ 160,000",
            "Q-RMSNorm without weight per head",
            "RoPE undone on outputs",
            "sinks",
            "outputs in 8 groups of 1,024"),
        BlockText.mixer(SPEC.blocks().get(1).mixer()));
    assertEquals("MQA 64 heads ×512", BlockText.mixer(SPEC.blocks().get(0).mixer()).getFirst());
    assertEquals("HCA 64 heads ×512", BlockText.mixer(SPEC.blocks().get(2).mixer()).getFirst());
    List<String> experts = BlockText.feedForward(SPEC.blocks().getFirst().feedForward());
    assertEquals("MoE 6 of 256 × SwiGLU 2,048 bounded at 10", experts.getFirst());
    assertTrue(experts.containsAll(List.of("√softplus router", "experts looked up by token")));
    assertEquals(
        "pre-RMSNorm, 4 hyper-connected streams, 20 Sinkhorn iterations",
        BlockText.residual(SPEC.blocks().getFirst().residual()));
  }

  @Test
  void cacheBytesAreThoseOfTheCountingRules() {
    CacheSize size = CacheSize.of(SPEC);
    CacheCount count = CacheCount.of(SPEC);
    for (long context : new long[] {0, 100, 4096, 131_071}) {
      double grown = count.elementsAt(context) - count.fixedElements();
      assertEquals(2 * grown + size.stateBytes(), size.at(context, CacheType.BF16));
    }
    // Four windows, CSA's entries with their index keys, and those of two HCA layers.
    double elements = 4 * 512 + (512 + 128) / 4.0 + 2 * 512 / 128.0;
    assertEquals(2 * elements, size.perToken(CacheType.BF16));
    double vectors = 4 + 2 / 4.0 + 2 / 128.0;
    assertEquals(elements * 3.25 / 8 + vectors * 4, size.perToken(CacheType.TURBO_3_5));
  }

  @Test
  void bytesMovedAreThoseOfTheCountingRules() {
    double fixed = CacheCount.of(SPEC).fixedElements();
    for (long context : new long[] {1000, 4096, 100_000}) {
      double expected = DecodeTraffic.of(SPEC).bytes(context, 2, 2);
      double found = DecodeBytes.of(SPEC).at(context, DType.BF16, CacheType.BF16);
      // States are f32 on the sheet: two more bytes each, read and written.
      assertEquals(expected + 2 * 2 * fixed, found, 1e-9 * expected);
    }
  }

  @Test
  void everyRowOfTheSheetHasItsWorking() {
    Sheet sheet = Sheet.of(List.of(Subject.of("v4", SPEC)), Optional.empty());
    String working =
        String.join(
            "\n", sheet.row("kv_elements_per_token").orElseThrow().cells().getFirst().working());
    assertTrue(working.contains("an entry of 640 elements for every 4 tokens"), working);
  }
}
