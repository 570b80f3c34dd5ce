package dev.jandaia.atlas.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.atlas.Machine;
import dev.jandaia.atlas.Sheet;
import dev.jandaia.atlas.Subject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {
  private static final Machine MACHINE = new Machine(40e9, 500e9, "as given");

  @Test
  void terminalReportFitsTheTerminal() {
    Sheet sheet = sheet("deepseek-v3", "gemma-3-27b", "gpt-oss-120b", "llama-3.2-1b", "glm-4.5");
    for (int width : new int[] {80, 100, 120}) {
      List<String> lines = new TerminalReport(sheet, width, false, true).lines();

      for (String line : lines) {
        assertTrue(line.length() <= width, line);
        assertFalse(line.contains("\u001b"), line);
      }
    }
  }

  @Test
  void tablesThatAreTooWideContinueBelow() {
    Sheet sheet = sheet("deepseek-v3", "gemma-3-27b", "gpt-oss-120b", "llama-3.2-1b", "glm-4.5");

    List<String> lines = new TerminalReport(sheet, 80, false, false).lines();

    assertEquals(2, lines.stream().filter("Parameters"::equals).count());
    assertEquals(2, lines.stream().filter(line -> line.startsWith("≠ total  ")).count());
  }

  @Test
  void differencesAreMarkedAndColoured() {
    Sheet sheet = sheet("qwen3-0.6b", "llama-3.2-1b");

    String plain = String.join("\n", new TerminalReport(sheet, 100, false, false).lines());
    String coloured = String.join("\n", new TerminalReport(sheet, 100, true, false).lines());

    assertTrue(plain.contains("≠ layers"), plain);
    assertTrue(plain.contains("\n  head   "), plain);
    assertTrue(coloured.contains("\u001b[33mQK-RMSNorm per head,\u001b[0m"), coloured);
    assertEquals(plain, coloured.replaceAll("\u001b\\[\\d*m", ""));
  }

  @Test
  void explanationsPutTheNumbersIn() {
    Sheet sheet = sheet("llama-3.2-1b");

    String text = String.join("\n", new TerminalReport(sheet, 100, false, true).working());

    assertTrue(text.contains("2·G·D = 2·8·64 = 1,024 elements (GQA 32/8 heads ×64)"), text);
    assertTrue(text.contains("V·C = 128,256 × 2,048 = 262,668,288"), text);
    assertTrue(text.contains("total = embedding + finalNorm + 16 × layer A = 1,235,814,400"), text);
  }

  @Test
  void jsonHoldsExactValues() {
    JsonNode json =
        JsonMapper.shared().readTree(JsonReport.of(sheet("deepseek-v3", "llama-3.2-1b")));

    JsonNode deepseek = json.get("models").get(0);
    assertEquals("deepseek-v3", deepseek.get("name").stringValue());
    assertEquals(671_026_404_352L, value(deepseek, "total_parameters"));
    assertEquals(653_908_770_816L, value(deepseek, "routed_expert_parameters"));
    assertEquals(35_136 * 2, value(deepseek, "kv_bf16_per_token"));
    assertEquals("deepseek_v3", deepseek.get("spec").get("family").stringValue());
    JsonNode llama = json.get("models").get(1).get("counts");
    assertTrue(llama.get("routed_expert_parameters").isNull());
    assertEquals("tokens/s", llama.get("predicted_prefill").get("unit").stringValue());
  }

  private static long value(JsonNode model, String key) {
    return model.get("counts").get(key).get("value").longValue();
  }

  @Test
  void markdownMarksDifferencesAndSurvivesNames() {
    Subject odd = Subject.of("a|b<i>", Subject.published("qwen3-0.6b").spec());
    Sheet sheet = Sheet.of(List.of(odd, Subject.published("llama-3.2-1b")), Optional.of(MACHINE));

    String text = MarkdownReport.of(sheet);

    assertTrue(text.startsWith("# a\\|b\\<i\\> · llama-3.2-1b\n"), text);
    assertTrue(text.contains("| layers | 28 | **16** |"), text);
    assertTrue(text.contains("| head | tied | tied |"), text);
  }

  private static Sheet sheet(String... names) {
    return Sheet.of(Stream.of(names).map(Subject::published).toList(), Optional.of(MACHINE));
  }
}
