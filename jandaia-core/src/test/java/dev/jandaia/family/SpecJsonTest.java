package dev.jandaia.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.Goldens;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.json.SpecJson;
import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Specs of every published config survive JSON; broken JSON is refused with its place. */
class SpecJsonTest {
  @Test
  void everyPublishedSpecRoundTrips() throws IOException {
    List<ModelSpec> specs = specs();
    assertTrue(specs.size() >= 17, "found only " + specs.size() + " specs");
    for (ModelSpec spec : specs) {
      String json = SpecJson.write(spec);
      assertEquals(spec, SpecJson.read(spec.family(), json));
      assertEquals(json, SpecJson.write(SpecJson.read(spec.family(), json)));
    }
  }

  @Test
  void repeatedLayersAreWrittenOnce() {
    ModelSpec gemma = published("gemma-3-27b.json");
    String json = SpecJson.write(gemma);
    assertEquals(62, gemma.numLayers());
    assertTrue(json.split("\"mixer\"").length - 1 <= 4, json);
    assertTrue(json.contains("\"repeat\" : 10"), json);
  }

  @Test
  void errorsNameTheProperty() {
    String json = SpecJson.write(published("qwen3-0.6b.json"));
    assertFails(
        json.replace("\"headDim\" : 128", "\"headDim\" : \"wide\""), "headDim: expected an");
    assertFails(json.replace("\"headDim\" : 128,", ""), "headDim: expected an integer, found noth");
    assertFails(json.replace("\"PreNorm\"", "\"MidNorm\""), "residual.type: expected one of PreN");
    assertFails(json.replace("\"HALVES\"", "\"THIRDS\""), "pairing: expected one of HALVES, NEIGH");
    assertFails(json.replace("\"vocabSize\"", "\"vocabsize\""), "vocabsize: expected one of");
    assertFails(json.replace("\"numHeads\" : 16", "\"numHeads\" : 15"), "attention.numHeads = 15");
    assertFails(json.replace("\"repeat\" : 28", "\"repeat\" : 0"), "blocks[0].repeat: expected an");
    assertFails("[]", "expected an object");
    assertFails("{\"family\":\"a\",\"family\":\"b\"}", "not valid JSON");
  }

  @Test
  void brokenJsonIsRefusedAndNothingElse() {
    String json = SpecJson.write(published("gpt-oss-20b.json"));
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 2000; i++) {
      StringBuilder broken = new StringBuilder(json);
      int at = random.nextInt(json.length());
      switch (random.nextInt(4)) {
        case 0 -> broken.setCharAt(at, "{}[]\",:01x-e".charAt(random.nextInt(12)));
        case 1 -> broken.deleteCharAt(at);
        case 2 -> broken.setLength(at);
        default -> broken.insert(at, json, at, Math.min(json.length(), at + random.nextInt(40)));
      }
      try {
        SpecJson.read("fuzz", broken.toString());
      } catch (JandaiaException e) {
        refused++;
        assertTrue(e.getMessage().startsWith("fuzz: "), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
      }
    }
    assertTrue(refused > 1000, "refused only " + refused);
  }

  private static void assertFails(String json, String message) {
    JandaiaException e =
        assertThrows(JandaiaException.class, () -> SpecJson.read("model.json", json));
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertTrue(e.getMessage().startsWith("model.json: "), e.getMessage());
  }

  private static ModelSpec published(String file) {
    return Families.spec(Config.read(Goldens.file("public_configs").resolve(file)));
  }

  private static List<ModelSpec> specs() throws IOException {
    List<Path> configs = new ArrayList<>();
    Goldens.cases().forEach(golden -> configs.add(golden.resolve("config.json")));
    try (Stream<Path> files = Files.list(Goldens.file("public_configs"))) {
      files.filter(file -> file.toString().endsWith(".json")).sorted().forEach(configs::add);
    }
    return configs.stream()
        .map(Config::read)
        .filter(SpecJsonTest::isBuilt)
        .map(Families::spec)
        .toList();
  }

  private static boolean isBuilt(Config config) {
    return config.has("model_type") && Families.isKnown(config.modelType());
  }
}
