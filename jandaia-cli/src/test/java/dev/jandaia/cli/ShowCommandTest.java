package dev.jandaia.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.family.Config;
import dev.jandaia.family.Families;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.json.SpecJson;
import org.junit.jupiter.api.Test;

class ShowCommandTest {

  @Test
  void equalLayersAreOneLineAndCountsAreThere() {
    String out = Cli.run("show", Goldens.model("llama32").toString()).out();

    assertTrue(out.contains("2 × GQA 6/2 heads ×16, full, RoPE θ 500 llama3 ×8, SwiGLU 80"), out);
    assertTrue(out.contains("total                  54,000"), out);
    // 2 layers, 2 heads of 16, key and value, 2 bytes
    assertTrue(out.contains("all layers      256 B"), out);
  }

  @Test
  void layersThatDifferHaveLettersAndAnOrder() {
    String out = Cli.run("show", Goldens.model("gemma3_text").toString()).out();

    assertTrue(out.contains("A  6 × GQA 4/2 heads ×16, sliding 8"), out);
    assertTrue(out.contains("B  1 × GQA 4/2 heads ×16, full"), out);
    assertTrue(out.contains("order 5A B A"), out);
  }

  @Test
  void bareConfigIsEnough() {
    String directory = Goldens.model("mixtral").toString();

    Cli cli = Cli.run("show", directory + "/config.json");

    assertEquals(Cli.run("show", directory), cli);
    assertTrue(cli.out().contains("routed experts"), cli.out());
  }

  @Test
  void jsonIsTheSpec() {
    Config config = Config.read(Goldens.model("gpt_oss").resolve("config.json"));
    Cli cli = Cli.run("show", config.source(), "--json");

    ModelSpec spec = SpecJson.read("output", cli.out());

    assertEquals(Families.spec(config), spec);
  }

  @Test
  void publishedModelsShowTheirPublishedCounts() {
    if (!Goldens.hasShared("golden/public_configs")) {
      return;
    }
    String llama = show("llama-3.2-1b");
    assertTrue(llama.contains("1.24B"), llama);
    assertTrue(llama.contains("all layers   32.0 KiB"), llama);
    String deepseek = show("deepseek-v3");
    assertTrue(deepseek.contains("order 3A 58B"), deepseek);
    assertTrue(deepseek.contains("68.6 KiB"), deepseek);
    assertTrue(deepseek.contains("671.0B"), deepseek);
  }

  private static String show(String name) {
    Cli cli = Cli.run("show", Goldens.shared("golden/public_configs/" + name + ".json").toString());
    assertEquals(0, cli.exitCode(), cli.err());
    return cli.out();
  }
}
