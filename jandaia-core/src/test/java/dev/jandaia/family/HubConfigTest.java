package dev.jandaia.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.Goldens;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HubConfigTest {
  @TestFactory
  Stream<DynamicTest> whatIsWrittenMeansTheSameModel() throws IOException {
    return configs().stream()
        .filter(config -> Families.isKnown(config.modelType()))
        .map(config -> DynamicTest.dynamicTest(config.source(), () -> assertWritten(config)));
  }

  private static void assertWritten(Config config) {
    ModelSpec spec = Families.spec(config);
    assertEquals(spec, Families.spec(Config.of("written", HubConfig.of(spec))));
  }

  @Test
  void everyFamilyIsAmongTheConfigs() throws IOException {
    Set<String> seen = new TreeSet<>();
    for (Config config : configs()) {
      if (Families.isKnown(config.modelType())) {
        seen.add(Families.spec(config).family());
      }
    }
    Set<String> all = new TreeSet<>();
    Families.all().forEach(family -> all.add(family.name()));
    assertEquals(all, seen);
  }

  @Test
  void aModelItsFamilyCannotExpressIsRefused() {
    ModelSpec spec = Families.spec(Config.read(published("qwen3-0.6b.json")));
    BlockSpec first = spec.blocks().getFirst();
    GroupedQueryAttention attention = (GroupedQueryAttention) first.mixer();
    List<BlockSpec> blocks = new ArrayList<>(spec.blocks());
    blocks.set(
        3, new BlockSpec(attention.withScoreSoftCap(5), first.feedForward(), first.residual()));
    ModelSpec odd =
        new ModelSpec(
            spec.family(),
            spec.vocabSize(),
            spec.hiddenSize(),
            spec.contextLength(),
            spec.embedding(),
            blocks,
            spec.finalNorm(),
            spec.head());
    assertRefused(() -> HubConfig.of(odd));
    assertRefused(() -> GgufExport.of(odd));
  }

  private static void assertRefused(Executable export) {
    JandaiaException e = assertThrows(JandaiaException.class, export);
    assertTrue(e.getMessage().contains("blocks[3].mixer.scoreSoftCap: 5.0, 0.0"), e.getMessage());
  }

  private static Path published(String file) {
    return Goldens.file("public_configs").resolve(file);
  }

  private static List<Config> in(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .map(Config::read)
          .filter(config -> config.has("model_type"))
          .toList();
    }
  }

  private static List<Config> configs() throws IOException {
    List<Config> configs = new ArrayList<>();
    Goldens.cases().forEach(golden -> configs.add(Config.read(golden.resolve("config.json"))));
    configs.addAll(in(published("")));
    // Families of which the project has no whole case.
    configs.addAll(in(Goldens.directoryOf("/configs/gemma.json")));
    JsonNode cases =
        JsonMapper.shared()
            .readTree(Goldens.file("param_counts/random_configs.json").toFile())
            .get("cases");
    cases.forEach(entry -> configs.add(Config.of("random", entry.get("config"))));
    configs.add(
        Config.parse(
            "mistral",
            """
            {"model_type":"mistral","vocab_size":10,"hidden_size":8,"intermediate_size":8,
             "num_hidden_layers":2,"num_attention_heads":2,"sliding_window":4}\
            """));
    configs.add(
        Config.parse(
            "gpt2",
            """
            {"model_type":"gpt2","n_embd":8,"n_head":2,"n_layer":2,"n_positions":16,
             "vocab_size":10}\
            """));
    return configs;
  }
}
