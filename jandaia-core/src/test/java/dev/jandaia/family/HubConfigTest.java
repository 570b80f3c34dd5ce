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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HubConfigTest {
  private static final Set<String> WRITTEN =
      Set.of(
          "llama",
          "mistral",
          "ministral",
          "mixtral",
          "qwen2",
          "qwen3",
          "qwen3_moe",
          "gemma",
          "gemma2",
          "gemma3_text",
          "gpt2",
          "olmo2");

  @Test
  void whatIsWrittenMeansTheSameModel() throws IOException {
    Set<String> seen = new TreeSet<>();
    for (Config config : configs()) {
      if (WRITTEN.contains(config.modelType())) {
        ModelSpec spec = Families.spec(config);
        assertEquals(spec, Families.spec(Config.of("written", HubConfig.of(spec))));
        seen.add(config.modelType());
      }
    }
    assertTrue(seen.containsAll(Set.of("llama", "qwen3", "mistral", "gpt2")), seen.toString());
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

  private static List<Config> configs() throws IOException {
    List<Config> configs = new ArrayList<>();
    Goldens.cases().forEach(golden -> configs.add(Config.read(golden.resolve("config.json"))));
    try (Stream<Path> files = Files.list(published(""))) {
      files
          .filter(file -> file.toString().endsWith(".json"))
          .map(Config::read)
          .filter(config -> config.has("model_type"))
          .forEach(configs::add);
    }
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
