package dev.jandaia.generate.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.tensor.JandaiaException;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SamplerChainTest {
  @Test
  void defaultOrderIsThatOfLlamaServer() {
    assertEquals(
        List.of(
            "logit_bias",
            "penalties",
            "dry",
            "top_n_sigma",
            "top_k",
            "typ_p",
            "top_p",
            "min_p",
            "xtc",
            "temperature"),
        names(SamplerChain.DEFAULT));
  }

  @Test
  void withReplacesInPlaceOrInsertsInDefaultOrder() {
    assertEquals(
        names(SamplerChain.DEFAULT), names(SamplerChain.DEFAULT.with(new Temperature(0.1f))));
    SamplerChain two = SamplerChain.of(new TopK(5), new Temperature(1f));
    assertEquals(List.of("top_k", "top_p", "temperature"), names(two.with(new TopP(0.5f))));
  }

  @Test
  void orderedTakesNamesAndKeepsParameters() {
    SamplerChain chain =
        SamplerChain.DEFAULT.with(new TopK(7)).ordered("temperature; top_k;penalties");
    assertEquals(List.of("logit_bias", "temperature", "top_k", "penalties"), names(chain));
    assertEquals(7, chain.step(TopK.class).orElseThrow().k());
    assertThrows(JandaiaException.class, () -> chain.ordered("top_k;nonsense"));
    assertThrows(JandaiaException.class, () -> chain.ordered("top_k;top_k"));
  }

  @Test
  void everyOptionChangesTheChain() {
    for (String name : SamplerOptions.names()) {
      double value =
          name.endsWith("_n") || name.contains("length") || name.equals("top_k") ? 3 : 0.25;
      value = name.equals("dry_base") ? 1.5 : value;
      SamplerChain changed = SamplerOptions.set(SamplerChain.DEFAULT, name, value);
      assertTrue(!changed.equals(SamplerChain.DEFAULT), name);
      assertEquals(names(SamplerChain.DEFAULT), names(changed), name);
    }
    assertEquals(
        new Temperature(0.5f),
        SamplerOptions.set(SamplerChain.greedy(), "temperature", 0.5).steps().getFirst());
  }

  @Test
  void unknownOptionsAndBadValuesAreNamed() {
    assertMessage("\"topk\": expected one of [dry_allowed_length", "topk", 1);
    assertMessage("top_k: expected an integer, found 1.5", "top-k", 1.5);
    assertMessage("top_p: expected a value in [0.0, 1.0], found 2.0", "top_p", 2);
  }

  @Test
  void generationConfigWinsOverDefaults() {
    JsonNode config =
        JsonMapper.shared()
            .readTree(
                """
                {"do_sample": true, "temperature": 0.6, "top_k": 20, "top_p": null,
                 "repetition_penalty": 1.05, "eos_token_id": [1, 2]}
                """);
    SamplerChain chain = SamplerOptions.fromGenerationConfig(config, SamplerChain.DEFAULT);
    assertEquals(new Temperature(0.6f), chain.step(Temperature.class).orElseThrow());
    assertEquals(new TopK(20), chain.step(TopK.class).orElseThrow());
    assertEquals(new TopP(0.95f), chain.step(TopP.class).orElseThrow());
    assertEquals(1.05f, chain.step(Penalties.class).orElseThrow().repeat());
    assertEquals(Choice.DRAW, chain.choice());
    JsonNode greedy = JsonMapper.shared().readTree("{\"do_sample\": false}");
    assertEquals(
        Choice.GREEDY, SamplerOptions.fromGenerationConfig(greedy, SamplerChain.DEFAULT).choice());
    JsonNode bad = JsonMapper.shared().readTree("{\"top_k\": \"many\"}");
    assertThrows(
        JandaiaException.class,
        () -> SamplerOptions.fromGenerationConfig(bad, SamplerChain.DEFAULT));
  }

  private static List<String> names(SamplerChain chain) {
    return chain.steps().stream().map(SamplerStep::name).toList();
  }

  private static void assertMessage(String part, String option, double value) {
    String message =
        assertThrows(
                JandaiaException.class,
                () -> SamplerOptions.set(SamplerChain.DEFAULT, option, value))
            .getMessage();
    assertTrue(message.contains(part), message);
  }
}
