package dev.jandaia.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Small templates whose text was written by jinja2 3.1.6, set up as transformers does. A row has
 * {@code expected}, {@code refuses} (the message of raise_exception) or {@code fails} (Python's
 * error, for the reader: only that it fails is compared).
 */
class SnippetsTest {
  static final Clock CLOCK = Clock.fixed(Instant.parse("2024-07-06T09:05:03.042Z"), ZoneOffset.UTC);

  static JsonNode resource(String name) throws IOException {
    try (InputStream in = SnippetsTest.class.getResourceAsStream("/template/" + name)) {
      return JsonMapper.shared().readTree(in);
    }
  }

  @TestFactory
  Stream<DynamicTest> snippetsRenderAsInJinja() throws IOException {
    JsonNode table = resource("snippets.json");
    ChatPrompt prompt = new ChatPrompt(Map.of(), CLOCK);
    for (Map.Entry<String, JsonNode> variable : table.path("variables").properties()) {
      prompt = prompt.variable(variable.getKey(), variable.getValue());
    }
    ChatPrompt variables = prompt;
    return table
        .path("rows")
        .valueStream()
        .map(row ->
            DynamicTest.dynamicTest(row.path("source").stringValue(), () -> check(row, variables)));
  }

  private static void check(JsonNode row, ChatPrompt prompt) {
    String source = row.path("source").stringValue();
    if (row.has("expected")) {
      assertEquals(row.path("expected").stringValue(), render(source, prompt));
      return;
    }
    JandaiaException error =
        assertThrows(JandaiaException.class, () -> render(source, prompt), row::toString);
    assertTrue(error.getMessage().startsWith("template snippet, line "), error.getMessage());
    if (row.has("refuses")) {
      String refusal = "the template refuses: " + row.path("refuses").stringValue();
      assertTrue(error.getMessage().endsWith(refusal), error.getMessage());
    }
  }

  private static String render(String source, ChatPrompt prompt) {
    return ChatTemplate.parse("snippet", source).render(prompt);
  }
}
