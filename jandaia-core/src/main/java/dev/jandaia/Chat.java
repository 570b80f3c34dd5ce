package dev.jandaia;

import dev.jandaia.generate.GenerationOptions;
import dev.jandaia.generate.TokenSequence;
import dev.jandaia.template.ChatPrompt;
import dev.jandaia.template.ChatTemplate;
import dev.jandaia.tokenizer.Specials;
import dev.jandaia.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A conversation with a model. The history is kept as messages; of each new prompt only what the
 * cache has not seen yet is read.
 */
public final class Chat {
  private final TextModel model;
  private final ChatTemplate template;
  private final List<Message> messages = new ArrayList<>();
  private final TokenSequence sequence;
  private GenerationOptions options;

  /**
   * One turn.
   *
   * @param role {@code system}, {@code user} or {@code assistant}
   * @param content what was said
   */
  public record Message(String role, String content) {}

  Chat(TextModel model, ChatTemplate template) {
    this.model = model;
    this.template = template;
    this.sequence = model.generator().newSequence();
    this.options = model.defaults();
  }

  /** Says how the model is to behave; replaces what was said before. */
  public Chat system(String instruction) {
    messages.removeIf(message -> message.role().equals("system"));
    messages.addFirst(new Message("system", instruction));
    return this;
  }

  /** Writes the next replies by other options. */
  public Chat options(GenerationOptions newOptions) {
    options = newOptions;
    return this;
  }

  /** What was said so far, oldest first. */
  public List<Message> messages() {
    return List.copyOf(messages);
  }

  /** Forgets all but the system instruction. */
  public Chat reset() {
    messages.removeIf(message -> !message.role().equals("system"));
    return this;
  }

  /** Tokens that the conversation takes in the cache. */
  public int cachedTokens() {
    return sequence.length();
  }

  /** Says something and returns the reply. */
  public String say(String text) {
    return say(text, _ -> {}).text();
  }

  /**
   * Says something; {@code onText} gets the reply piece by piece, each of whole characters. If the
   * model or the template fails, the conversation is as it was before.
   */
  public Reply say(String text, Consumer<String> onText) {
    messages.add(new Message("user", text));
    try {
      int[] prompt = prompt();
      Reply reply =
          model.write(
              options,
              onText,
              sink -> model.generator().continueSequence(sequence, prompt, options, sink));
      messages.add(new Message("assistant", reply.text()));
      return reply;
    } catch (RuntimeException e) {
      messages.removeLast();
      throw e;
    }
  }

  /** The conversation as the model reads it. */
  private int[] prompt() {
    Tokenizer tokenizer = model.tokenizer();
    ArrayNode said = JsonNodeFactory.instance.arrayNode();
    messages.forEach(m -> said.addObject().put("role", m.role()).put("content", m.content()));
    ChatPrompt prompt =
        ChatPrompt.of(said)
            .addGenerationPrompt(true)
            .bosToken(spelling(tokenizer, tokenizer.bosId()))
            .eosToken(spelling(tokenizer, tokenizer.eosId()));
    return tokenizer.encode(template.render(prompt), Specials.MARKUP);
  }

  private static String spelling(Tokenizer tokenizer, OptionalInt id) {
    return id.isPresent() ? tokenizer.token(id.getAsInt()) : "";
  }
}
