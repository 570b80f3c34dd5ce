package dev.jandaia.template;

import dev.jandaia.tensor.JandaiaException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.StringNode;

/**
 * What a chat template is rendered with: a conversation, and whatever else the template reads. As
 * in transformers, {@code messages}, {@code tools}, {@code documents} and {@code
 * add_generation_prompt} are always defined; the other variables only if given.
 *
 * <pre>{@code
 * ChatPrompt.of(List.of(Map.of("role", "user", "content", "Hello")))
 *     .addGenerationPrompt(true)
 *     .bosToken("<s>")
 * }</pre>
 *
 * @param variables the template's variables by name
 * @param clock the time that {@code strftime_now} tells
 */
public record ChatPrompt(Map<String, JsonNode> variables, Clock clock) {
  /** Keys of a row that say something about it, and are no variables. */
  private static final Set<String> ROW_KEYS = Set.of("template", "case", "expected", "raises");

  public ChatPrompt {
    variables = Map.copyOf(variables);
  }

  /**
   * A conversation from JSON: an array of messages, usually with {@code role} and {@code content}.
   */
  public static ChatPrompt of(JsonNode messages) {
    if (!messages.isArray()) {
      throw new JandaiaException(
          "messages: expected a JSON array, found " + messages.getNodeType());
    }
    Map<String, JsonNode> variables =
        Map.of(
            "messages",
            messages,
            "tools",
            NullNode.getInstance(),
            "documents",
            NullNode.getInstance(),
            "add_generation_prompt",
            BooleanNode.FALSE);
    return new ChatPrompt(variables, LocalClock.INSTANCE);
  }

  /** A conversation from plain maps. */
  public static ChatPrompt of(List<? extends Map<String, ?>> messages) {
    return of(JsonMapper.shared().<JsonNode>valueToTree(messages));
  }

  /**
   * A conversation from one row of a table of cases: every key is a variable, except {@code
   * template}, {@code case}, {@code expected} and {@code raises}.
   */
  public static ChatPrompt ofRow(JsonNode row) {
    ChatPrompt prompt = of(row.path("messages"));
    for (Map.Entry<String, JsonNode> entry : row.properties()) {
      if (!ROW_KEYS.contains(entry.getKey())) {
        prompt = prompt.variable(entry.getKey(), entry.getValue());
      }
    }
    return prompt;
  }

  /** With one more variable, or another value for it. */
  public ChatPrompt variable(String name, JsonNode value) {
    Map<String, JsonNode> more = new LinkedHashMap<>(variables);
    more.put(name, value);
    return new ChatPrompt(more, clock);
  }

  /** With a variable that Jackson can turn into JSON: text, a number, a list, a map, a record. */
  public ChatPrompt variable(String name, Object value) {
    return variable(name, JsonMapper.shared().<JsonNode>valueToTree(value));
  }

  /** Whether the text ends with the opening of the assistant's turn. */
  public ChatPrompt addGenerationPrompt(boolean add) {
    return variable("add_generation_prompt", JsonNodeFactory.instance.booleanNode(add));
  }

  /** With tools in the JSON schema form of function calling. */
  public ChatPrompt tools(JsonNode tools) {
    return variable("tools", tools);
  }

  /** With documents for retrieval-augmented templates. */
  public ChatPrompt documents(JsonNode documents) {
    return variable("documents", documents);
  }

  /** With the text of the token that begins a sequence. */
  public ChatPrompt bosToken(String token) {
    return variable("bos_token", StringNode.valueOf(token));
  }

  /** With the text of the token that ends a sequence. */
  public ChatPrompt eosToken(String token) {
    return variable("eos_token", StringNode.valueOf(token));
  }

  /** With another clock, for a text that does not depend on today. */
  public ChatPrompt clock(Clock other) {
    return new ChatPrompt(variables, other);
  }
}
