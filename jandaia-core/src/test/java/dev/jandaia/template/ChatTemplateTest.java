package dev.jandaia.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whole chat templates of our own, with texts written by jinja2, and the public API. */
class ChatTemplateTest {
  private static final List<Map<String, String>> HELLO =
      List.of(Map.of("role", "user", "content", "Hello"));

  @TestFactory
  Stream<DynamicTest> wholeTemplatesRenderAsInJinja() throws IOException {
    JsonNode table = SnippetsTest.resource("chats.json");
    return table
        .path("rows")
        .valueStream()
        .map(row ->
            DynamicTest.dynamicTest(
                "%s %s %s"
                    .formatted(
                        row.path("template").stringValue(),
                        row.path("case").stringValue(),
                        row.path("variables")),
                () -> check(table, row)));
  }

  private static void check(JsonNode table, JsonNode row) throws IOException {
    String name = row.path("template").stringValue();
    ChatTemplate template = ChatTemplate.parse(name, source(name));
    JsonNode messages = table.path("conversations").path(row.path("case").stringValue());
    ChatPrompt prompt = ChatPrompt.of(messages).clock(SnippetsTest.CLOCK);
    for (Map.Entry<String, JsonNode> variable : row.path("variables").properties()) {
      prompt = prompt.variable(variable.getKey(), variable.getValue());
    }
    ChatPrompt complete =
        row.path("with_tools").booleanValue() ? prompt.tools(table.path("tools")) : prompt;
    if (row.has("expected")) {
      assertEquals(row.path("expected").stringValue(), template.render(complete));
      return;
    }
    String error =
        assertThrows(JandaiaException.class, () -> template.render(complete)).getMessage();
    String python = row.path("fails").stringValue("");
    String reason =
        row.has("raises")
            ? "the template refuses: " + row.path("raises").stringValue()
            : python.substring(python.indexOf(": ") + 2);
    assertTrue(error.endsWith(reason), error);
  }

  static String source(String name) throws IOException {
    try (InputStream in = ChatTemplateTest.class.getResourceAsStream("/template/chats/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void rendersMessagesGivenAsMaps() {
    ChatTemplate template =
        ChatTemplate.parse(
            "t",
            "{{ bos_token }}{% for m in messages %}<{{ m.role }}>{{ m.content }}{{ eos_token }}"
                + "{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}");
    ChatPrompt prompt = ChatPrompt.of(HELLO).bosToken("<s>").eosToken("</s>");
    assertEquals("<s><user>Hello</s>", template.render(prompt));
    assertEquals(
        "<s><user>Hello</s><assistant>", template.render(prompt.addGenerationPrompt(true)));
  }

  @Test
  void toolsAndDocumentsAreDefinedButNone() {
    ChatTemplate template =
        ChatTemplate.parse("t", "{{ tools }} {{ documents }} {{ bos_token is defined }}");
    assertEquals("None None False", template.render(ChatPrompt.of(HELLO)));
  }

  @Test
  void variablesMayBeAnyJavaValueThatIsJson() {
    ChatPrompt prompt = ChatPrompt.of(HELLO).variable("x", List.of(1, 2.5, Map.of("k", true)));
    assertEquals("[1, 2.5, {'k': True}]", ChatTemplate.parse("t", "{{ x }}").render(prompt));
  }

  @Test
  void rowsPassEveryKeyButTheirOwnBookkeeping() {
    JsonNode row =
        JsonMapper.shared()
            .readTree(
                """
                {"template": "t", "case": "c", "expected": "e", "messages": [], "level": 3}
                """);
    String source = "{{ level }}{{ case is defined }}{{ expected is defined }}{{ tools }}";
    assertEquals("3FalseFalseNone", ChatTemplate.parse("t", source).render(row));
  }

  @Test
  void errorsNameTemplateAndLine() {
    assertError("template t, line 3: 'x' is undefined", "a\n{# b\n#}{{ x.y }}\n{% set z = 1 %}");
    assertError("template t, line 2: unexpected '}'", "\n{{ a } }}");
    assertError(
        "template t, line 4: division by zero",
        "{% macro m() %}\n{% if true %}\n\n{{ 1 / 0 }}{% endif %}{% endmacro %}\n\n{{ m() }}");
    assertError(
        "template t, line 2: the template refuses: no way",
        "{% if true %}\n{{ raise_exception('no\nway') }}{% endif %}");
    assertError("template t, line 1: No filter named 'nope'.", "{{ 1 | nope }}");
  }

  private static void assertError(String expected, String source) {
    JandaiaException error =
        assertThrows(
            JandaiaException.class,
            () -> ChatTemplate.parse("t", source).render(ChatPrompt.of(HELLO)));
    assertEquals(expected, error.getMessage());
  }

  @Test
  void messagesMustBeAList() {
    JsonNode row = JsonMapper.shared().readTree("{\"messages\": \"hi\"}");
    JandaiaException error =
        assertThrows(JandaiaException.class, () -> ChatTemplate.parse("t", "").render(row));
    assertEquals("messages: expected a JSON array, found STRING", error.getMessage());
  }
}
