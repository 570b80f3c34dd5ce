package dev.jandaia.atlas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.CacheCount;
import dev.jandaia.spec.count.ParameterCount;
import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GalleryTest {

  /** The counts in summary.json come from the reference implementations. */
  @TestFactory
  Stream<DynamicTest> publishedModelsCountExactly() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode expected : summary().get("models")) {
      String name = expected.get("model").stringValue();
      if (Gallery.isBuilt(name)) {
        tests.add(DynamicTest.dynamicTest(name, () -> assertCounts(expected, Gallery.spec(name))));
      } else {
        System.out.println("SKIPPED: gallery entry " + name + ": its family is not built yet");
      }
    }
    assertTrue(tests.size() >= 22, "of 29 entries only " + tests.size() + " can be counted");
    return tests.stream();
  }

  private static void assertCounts(JsonNode expected, ModelSpec spec) {
    ParameterCount count = ParameterCount.of(spec);
    Map.of(
            "total_params_meta", count.total(),
            "active_params_meta", count.active(),
            "routed_expert_params", count.routedExperts(),
            "active_without_input_embedding", count.activeWithoutInputEmbedding())
        .forEach((field, found) -> assertEquals(expected.get(field).longValue(), found, field));
    JsonNode kv = expected.get("kv");
    assertEquals(
        kv.get("elements_per_token_all_layers").longValue(),
        CacheCount.of(spec).elementsPerToken());
    assertEquals(
        kv.get("bf16_kib_per_token").doubleValue() * 1024,
        CacheSize.of(spec).perToken(CacheType.BF16));
  }

  @Test
  void namesAreThoseOfTheSummaryInAnyCase() throws IOException {
    assertEquals(summary().get("models").size(), Gallery.names().size());
    assertEquals(Gallery.spec("llama-3.2-1b"), Gallery.spec("Llama-3.2-1B"));
    assertTrue(Gallery.published("deepseek-v3").parameters().orElseThrow() == 671e9);
  }

  @Test
  void unknownNamesAndFamiliesAreOneLineByName() {
    String unknown = message("gemma-99");
    assertTrue(unknown.startsWith("gemma-99: expected a name of the gallery (llama-3.2-1b, "));
    for (String name : Gallery.names()) {
      if (!Gallery.isBuilt(name)) {
        String family = Gallery.config(name).modelType();
        assertEquals(name + ": its family " + family + " is not built yet", message(name));
      }
    }
  }

  @Test
  void variantsChangeWhatTheySay() {
    ModelSpec spec = Gallery.variant("deepseek-llm-67b", Map.of("num_key_value_heads", 64));

    assertEquals(8 * 194_560, CacheCount.of(spec).elementsPerToken());
  }

  private static String message(String name) {
    return assertThrows(JandaiaException.class, () -> Gallery.spec(name)).getMessage();
  }

  private static JsonNode summary() throws IOException {
    try (InputStream in = Gallery.class.getResourceAsStream("gallery/summary.json")) {
      return JsonMapper.shared().readTree(in);
    }
  }
}
