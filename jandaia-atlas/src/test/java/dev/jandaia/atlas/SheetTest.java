package dev.jandaia.atlas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.atlas.text.Amounts;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.DecodeTraffic;
import dev.jandaia.spec.count.ParameterCount;
import dev.jandaia.tensor.DType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SheetTest {
  private static final Machine MACHINE = new Machine(40e9, 500e9, "as given");

  /** 16 layers of 8 heads of 64: 16,384 elements in 256 vectors per token. */
  @Test
  void cacheBytesFollowTheTypeAndItsNorms() {
    CacheSize cache = CacheSize.of(Gallery.spec("llama-3.2-1b"));

    assertEquals(65_536, cache.perToken(CacheType.F32));
    assertEquals(32_768, cache.perToken(CacheType.BF16));
    assertEquals(16_384 * 34 / 32.0, cache.perToken(CacheType.Q8));
    assertEquals(16_384 * 3.25 / 8 + 256 * 4, cache.perToken(CacheType.TURBO_3_5));
    assertEquals(16_384 * 2.25 / 8 + 256 * 4, cache.perToken(CacheType.TURBO_2_5));
    assertEquals(4096 * 32_768, cache.at(4096, CacheType.BF16));
  }

  /** 52 of 62 layers keep 1,024 tokens; each layer caches 4,096 elements per token. */
  @Test
  void windowsStopGrowing() {
    CacheSize cache = CacheSize.of(Gallery.spec("gemma-3-27b"));

    double expected = 2.0 * 4096 * (52 * 1024 + 10 * 32_768);
    assertEquals(expected, cache.at(32_768, CacheType.BF16));
  }

  /** 36 layers of Gated DeltaNet and 12 of attention, which alone grow. */
  @Test
  void statesDoNotGrowAndAreCountedInF32() {
    CacheSize cache = CacheSize.of(Gallery.spec("qwen3-next-80b-a3b"));

    assertEquals(4 * cache.stateElements(), cache.stateBytes());
    assertTrue(cache.stateElements() >= 36L * 32 * 128 * 128);
    double grown = cache.at(8192, CacheType.BF16) - cache.at(4096, CacheType.BF16);
    assertEquals(4096 * 12 * 2 * 2 * 256 * 2.0, grown);
    assertEquals(cache.stateBytes(), cache.at(0, CacheType.TURBO_2_5));
  }

  @Test
  void bytesMovedAreThoseOfTheCountingRules() {
    for (String name : List.of("llama-3.2-1b", "deepseek-v3", "gemma-3-27b", "gpt-oss-20b")) {
      ModelSpec spec = Gallery.spec(name);
      double expected = DecodeTraffic.of(spec).bytes(4096, 34 / 32.0, 2);

      double found = DecodeBytes.of(spec).at(4096, DType.Q8_0, CacheType.BF16);

      assertEquals(expected, found, 1e-12 * expected, name);
    }
  }

  @Test
  void workingOfParametersAddsUpToTheCount() {
    for (String name : Gallery.names()) {
      if (Gallery.isBuilt(name)) {
        ModelSpec spec = Gallery.spec(name);
        String total = Amounts.grouped(ParameterCount.of(spec).total());
        String last = ParameterWorking.lines(spec).getLast();
        assertTrue(last.startsWith("total = ") && last.endsWith(" = " + total), name + ": " + last);
      }
    }
  }

  @Test
  void predictionIsTheSlowerOfMemoryAndArithmetic() {
    Subject subject = Subject.published("llama-3.2-1b");
    Sheet sheet = Sheet.of(List.of(subject), Optional.of(MACHINE));
    double moved = DecodeBytes.of(subject.spec()).at(4096, DType.BF16, CacheType.BF16);

    assertEquals(40e9 / moved, value(sheet, "predicted_decode_bf16"), 1e-9);
    double far = DecodeBytes.of(subject.spec()).at(131072, DType.BF16, CacheType.Q8);
    assertEquals(40e9 / far, value(sheet, "predicted_decode_bf16_at_131072_cache_q8"), 1e-9);
    double prefill = value(sheet, "prefill_flops_at_4096");
    assertEquals(4096 * 500e9 / prefill, value(sheet, "predicted_prefill"), 1e-9);
    assertEquals(2.0, MACHINE.seconds(80e9, 1));
    assertEquals(2.0, MACHINE.seconds(1, 1e12));
  }

  @Test
  void everyCountShowsItsWorking() {
    List<Subject> subjects =
        List.of(Subject.published("deepseek-v3"), Subject.published("qwen3-next-80b-a3b"));
    Sheet sheet = Sheet.of(subjects, Optional.of(MACHINE));

    for (Section section : sheet.sections().subList(1, sheet.sections().size())) {
      for (Row row : section.rows()) {
        for (Cell cell : row.cells()) {
          assertTrue(cell.equals(Cell.NONE) || !cell.working().isEmpty(), row.key());
        }
      }
    }
    String latent = sheet.row("kv_elements_per_token").orElseThrow().cells().getFirst().toString();
    assertTrue(latent.contains("d_c + r = 512 + 64 = 576"), latent);
  }

  @Test
  void rowsDifferWhereValuesDo() {
    List<Subject> twins =
        Subject.distinct(List.of(Subject.published("qwen3-0.6b"), Subject.published("qwen3-0.6b")));
    Sheet same = Sheet.of(twins, Optional.empty());

    assertEquals("qwen3-0.6b (2)", twins.getLast().name());
    assertFalse(same.sections().stream().flatMap(s -> s.rows().stream()).anyMatch(Row::differs));
    assertTrue(
        Layers.of(twins).models().getFirst().getFirst().mixer().stream()
            .noneMatch(Layers.Phrase::differs));
  }

  @Test
  void phrasesThatSomeModelLacksAreMarked() {
    List<Subject> subjects =
        List.of(Subject.published("qwen3-0.6b"), Subject.published("llama-3.2-1b"));

    Layers.Kind qwen = Layers.of(subjects).models().getFirst().getFirst();

    assertTrue(qwen.mixer().contains(new Layers.Phrase("QK-RMSNorm per head", true)));
    assertTrue(qwen.mixer().contains(new Layers.Phrase("full", false)));
    assertEquals(new Layers.Phrase("pre-RMSNorm", false), qwen.residual());
  }

  private static double value(Sheet sheet, String key) {
    return sheet.row(key).orElseThrow().cells().getFirst().value().orElseThrow().doubleValue();
  }
}
