package dev.jandaia.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Published chat templates render exactly as transformers renders them. */
class SharedTemplatesTest {
  // Tests run in the module's directory; the shared files lie beside the repository.
  private static final Path SHARED = Path.of("../../shared/templates");

  private final Map<String, ChatTemplate> parsed = new HashMap<>();

  @TestFactory
  Stream<DynamicTest> publishedTemplatesRenderAsInTransformers() throws IOException {
    Path rows = SHARED.resolve("expected.json");
    if (!Files.exists(rows)) {
      System.out.println("SKIPPED: published chat templates, " + rows + " is absent");
      return Stream.of(
          DynamicTest.dynamicTest(
              "skipped: " + rows + " is absent", () -> assertFalse(Files.exists(rows))));
    }
    JsonNode table = JsonMapper.shared().readTree(Files.readString(rows));
    assertTrue(table.size() >= 126, "rows in " + rows);
    return table
        .valueStream()
        .map(row ->
            DynamicTest.dynamicTest(
                row.path("template").stringValue() + " " + row.path("case").stringValue(),
                () -> check(row)));
  }

  private void check(JsonNode row) {
    ChatTemplate template =
        parsed.computeIfAbsent(row.path("template").stringValue(), SharedTemplatesTest::load);
    if (row.has("raises")) {
      JandaiaException refusal = assertThrows(JandaiaException.class, () -> template.render(row));
      assertTrue(
          refusal
              .getMessage()
              .endsWith("the template refuses: " + row.path("raises").stringValue()),
          refusal.getMessage());
    } else {
      assertEquals(row.path("expected").stringValue(), template.render(row));
    }
  }

  private static ChatTemplate load(String name) {
    try {
      return ChatTemplate.parse(name, Files.readString(SHARED.resolve(name)));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
