package dev.jandaia.template;

import dev.jandaia.tensor.JandaiaException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * A chat template in Jinja, parsed once and rendered as often as needed, by any number of threads.
 * It renders as transformers' {@code apply_chat_template} does. The source may be hostile: see the
 * package description.
 */
public final class ChatTemplate {
  private final String name;
  private final List<Statement> statements;

  private ChatTemplate(String name, List<Statement> statements) {
    this.name = name;
    this.statements = statements;
  }

  /**
   * Parses a template.
   *
   * @param name how errors call it, usually its file name
   * @throws JandaiaException naming the line if {@code source} is not a template
   */
  public static ChatTemplate parse(String name, String source) {
    return new ChatTemplate(name, guarded(name, () -> Parser.parse(source)));
  }

  /** The name given to {@link #parse}. */
  public String name() {
    return name;
  }

  /**
   * The text of a conversation.
   *
   * @throws JandaiaException naming the line if the template fails, refuses the conversation with
   *     {@code raise_exception}, or takes more time or memory than a template may
   */
  public String render(ChatPrompt prompt) {
    return guarded(
        name,
        () -> {
          Map<String, Value> variables = new HashMap<>();
          long weight = 0;
          for (Map.Entry<String, JsonNode> variable : prompt.variables().entrySet()) {
            Value value = JsonValues.of(variable.getValue());
            weight += value.shape().weight();
            variables.put(variable.getKey(), value);
          }
          Context context = new Context(new Budget(weight), prompt.clock());
          return new Interpreter(context, variables).render(statements);
        });
  }

  /**
   * The text of one row of a table of cases.
   *
   * @param row an object with {@code messages} and the other variables of the template
   * @see ChatPrompt#ofRow
   */
  public String render(JsonNode row) {
    return render(ChatPrompt.ofRow(row));
  }

  private static <T> T guarded(String name, Supplier<T> work) {
    try {
      return work.get();
    } catch (TemplateError e) {
      throw new JandaiaException(e.describe(name), e);
    } catch (StackOverflowError e) {
      // The limits on nesting suit a stack of 1 MiB; a thread may have less.
      throw new JandaiaException("template " + name + ": nests too deeply for this thread", e);
    }
  }
}
