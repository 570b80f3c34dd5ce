package dev.jandaia.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A template is untrusted: it ends in time, within memory, and only with a JandaiaException. */
class HostileTemplateTest {
  private static ChatPrompt conversation() throws IOException {
    JsonNode table = SnippetsTest.resource("snippets.json");
    ChatPrompt prompt = ChatPrompt.of(table.path("variables").path("messages"));
    for (var variable : table.path("variables").properties()) {
      prompt = prompt.variable(variable.getKey(), variable.getValue());
    }
    return prompt.bosToken("<s>").eosToken("</s>");
  }

  private static String failure(String source) {
    return assertThrows(
            JandaiaException.class,
            () -> ChatTemplate.parse("t", source).render(conversation()),
            source.length() < 500 ? source : "")
        .getMessage();
  }

  /** {@code range} is limited, but loops over it nest. */
  private static final String MANY = "{% for a in range(99999) %}{% for b in range(99999) %}";

  private static final String END = "{% endfor %}{% endfor %}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ 'a' * 10**9 }}",
        "{{ 'ab' * 2**62 }}",
        "{{ [1] * 10**9 }}",
        "{{ (1,) * 10**9 }}",
        "{{ range(10**9) }}",
        "{{ range(-(2**62), 2**62) }}",
        "{{ 2 ** 1000000000 }}",
        "{{ (2 ** 8000) ** 10 }}",
        "{{ (10 ** 100) ** 100 }}",
        "{{ 'a'.ljust(10**9) }}",
        "{{ 'a'.zfill(10**9) }}",
        "{{ 'a'|center(10**9) }}",
        "{{ '\t'.expandtabs(10**9) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ '%*d' % (10**9, 1) }}",
        "{{ '%.99999999d' % 1 }}",
        "{{ '{:99999999}'.format(1) }}",
        "{{ '{:>{w}}'.format('a', w=99999999) }}",
        "{{ 'a\nb'|indent(10**9) }}",
        "{{ [1]|tojson(indent=10**9) }}",
        "{{ [1]|batch(10**9, 0)|list }}",
        "{{ [1]|slice(10**9)|list }}",
        "{{ ('a' * 1000000).replace('a', 'b' * 1000000) }}",
        "{{ ('a' * 1000000)|replace('', 'b' * 1000) }}",
        "{{ ('b' * 1000000).join('a' * 100000) }}",
        "{{ ('a' * 100000)|join('b' * 1000000) }}",
        "{{ ('a ' * 8000000).split() }}",
        "{{ ('a' * 16000000)|list }}",
        "{{ ('\n' * 16000000).splitlines() }}",
        "{{ ('<' * 16000000)|e }}",
        "{% set ns = namespace(l=[1]) %}"
            + "{% for i in range(100) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
        "{% set ns = namespace(l=[1]) %}"
            + "{% for i in range(9999) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}",
        "{% set ns = namespace(d=1) %}"
            + "{% for i in range(9999) %}{% set ns.d = {'a': ns.d} %}{% endfor %}{{ ns.d|tojson }}",
        "{% set ns = namespace(g=[1]) %}{% for i in range(99999) %}{% set ns.g = ns.g|map('int')"
            + " %}{% endfor %}{{ ns.g|list }}",
        "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}",
        "{% set ns = namespace() %}{% set ns.x = [ns, ns] %}{{ ns }}",
        "{% set ns = namespace(s='a') %}"
            + "{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f(n) %}{{ f(n + 1) }}{{ f(n + 1) }}{% endmacro %}{{ f(0) }}",
        "{% macro f() %}{% call f() %}{% endcall %}{{ caller }}{% endmacro %}{{ f() }}",
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{% for x in [1] recursive %}{{ loop([1, 1]) }}{% endfor %}",
      })
  void resourcesAreLimited(String source) {
    String message = failure(source);
    assertTrue(message.startsWith("template t, line "), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "aaaaaaaaaaaaaaaa", "{% set x = messages|tojson %}"})
  void endlessLoopsEnd(String body) {
    String message = failure(MANY + body + END);
    assertTrue(
        message.contains("steps") || message.contains("exceeds") || message.contains("allocated"),
        message);
  }

  @ParameterizedTest
  @CsvSource({
    "'{{ ', '(', '1', ')', ' }}'",
    "'{{ ', '[', '', ']', ' }}'",
    "'{{ ', '{1:', '1', '}', ' }}'",
    "'{{ ', 'not ', '1', '', ' }}'",
    "'{{ ', '-', '1', '', ' }}'",
    "'{{ ', '1 if 1 else ', '1', '', ' }}'",
    "'{{ ', '1 + ', '1', '', ' }}'",
    "'{{ ', '1 or ', '1', '', ' }}'",
    "'{{ x', '', '', '.x', ' }}'",
    "'{{ x', '', '', '|upper', ' }}'",
    "'{{ x', '', '', '[0]', ' }}'",
    "'{{ range', '', '', '(', ' }}'",
    "'', '{% if 1 %}', '', '{% endif %}', ''",
    "'', '{% for a in [1] %}', '', '{% endfor %}', ''",
    "'', '{% macro a() %}', '', '{% endmacro %}', ''",
    "'{% set ', '(', 'a', ')', ' = 1 %}'",
    "'', '{', '', '', ''",
    "'', '{% raw %}', '', '', ''",
    "'{{ \"', '\\', '', '', '\" }}'",
    "'{{ ', '1', '', '', ' }}'",
    "'{{ ', '1_1', '', '', ' }}'",
    "'{{ ', '1.', '', '', ' }}'",
  })
  void deepNestingIsAClearError(
      String before, String open, String core, String close, String after) {
    for (int depth : new int[] {3000, 100_000}) {
      String source = before + open.repeat(depth) + core + close.repeat(depth) + after;
      try {
        ChatTemplate.parse("t", source).render(ChatPrompt.of(List.of()));
      } catch (JandaiaException e) {
        assertTrue(e.getMessage().startsWith("template t, line 1: "), e.getMessage());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ ''.__class__.__mro__ }}",
        "{{ messages.__class__.__init__ }}",
        "{{ range.__globals__.x }}",
        "{{ messages.append(1) }}",
        "{{ d.update({}) }}",
        "{{ d.pop('a') }}",
        "{{ d['clear']() }}",
        "{{ messages.getClass().getName() }}",
        "{{ s.class.forName('java.lang.Runtime') }}",
        "{{ '{0.__class__.__mro__}'.format(1) }}",
        "{{ namespace.__init__() }}",
        "{{ s|attr('__class__')|attr('x') }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% from 'os' import system %}",
        "{% extends '/etc/passwd' %}",
      })
  void nothingOutsideTheTemplateIsReachable(String source) {
    failure(source);
  }

  @Test
  void aTemplateChangesNoInput() throws IOException {
    ChatPrompt prompt = conversation();
    String source =
        "{{ d|tojson }}{{ messages|sort(attribute='role')|length }}{{ d.items()|list }}";
    ChatTemplate template = ChatTemplate.parse("t", source);
    assertEquals(template.render(prompt), template.render(prompt));
  }

  /** Cuts, copies and swaps pieces of real sources: whatever comes out parses, renders or fails. */
  @Test
  void mutatedTemplatesOnlyFailWithJandaiaException() throws IOException {
    List<String> sources = new ArrayList<>();
    SnippetsTest.resource("snippets.json")
        .path("rows")
        .forEach(row -> sources.add(row.path("source").stringValue()));
    for (String name :
        List.of("chatml-tools", "headers-tools", "turns", "inst-tools", "channels")) {
      String whole = ChatTemplateTest.source(name + ".jinja");
      for (int i = 0; i < 60; i++) {
        sources.add(whole);
      }
    }
    ChatPrompt prompt = conversation();
    Random random = new Random(20240706);
    int rendered = 0;
    for (int i = 0; i < 6_000; i++) {
      String mutant = mutate(sources, random);
      try {
        ChatTemplate.parse("t", mutant).render(prompt);
        rendered++;
      } catch (JandaiaException e) {
        assertTrue(e.getMessage().startsWith("template t, line "), e.getMessage());
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("seed step " + i + ": " + mutant, e);
      }
    }
    assertTrue(rendered > 500, "too few mutants are still templates: " + rendered);
  }

  private static final String ALPHABET = " {}%#-+()[]|.,:'\"\\=<>!~*/_abc019\n\tΑé😀";

  private static String mutate(List<String> sources, Random random) {
    StringBuilder text = new StringBuilder(sources.get(random.nextInt(sources.size())));
    for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
      int from = random.nextInt(text.length() + 1);
      int to = Math.min(text.length(), from + random.nextInt(8));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(from, to);
        case 1 -> text.insert(from, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        case 2 -> text.insert(random.nextInt(text.length() + 1), text.substring(from, to));
        default -> {
          String other = sources.get(random.nextInt(sources.size()));
          int start = random.nextInt(other.length() + 1);
          text.insert(from, other, start, Math.min(other.length(), start + random.nextInt(30)));
        }
      }
    }
    return text.toString();
  }
}
