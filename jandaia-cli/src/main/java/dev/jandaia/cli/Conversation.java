package dev.jandaia.cli;

import dev.jandaia.Chat;
import dev.jandaia.Reply;
import dev.jandaia.TextModel;
import dev.jandaia.generate.GenerationOptions;
import dev.jandaia.template.ChatTemplate;
import java.util.Optional;
import java.util.function.Consumer;

/** A talk with a model: by a chat template, or as plain text that it continues. */
final class Conversation {
  private final TextModel model;
  private final Optional<Chat> chat;
  private final GenerationOptions options;
  private int turns;

  private Conversation(TextModel model, Optional<Chat> chat, GenerationOptions options) {
    this.model = model;
    this.chat = chat;
    this.options = options;
  }

  static Conversation chat(
      TextModel model, ChatTemplate template, Optional<String> system, GenerationOptions options) {
    Chat chat = model.chat(template);
    system.ifPresent(chat::system);
    return new Conversation(model, Optional.of(chat), options);
  }

  /** Every text is continued by itself; there is no history. */
  static Conversation plain(TextModel model, GenerationOptions options) {
    return new Conversation(model, Optional.empty(), options);
  }

  /** The next answer. Every turn has a seed of its own, counted up from the first. */
  Reply say(String text, Consumer<String> onText) {
    GenerationOptions now = options.withSeed(options.seed() + turns++);
    return chat.isPresent()
        ? chat.get().options(now).say(text, onText)
        : model.complete(text, now, onText);
  }

  TextModel model() {
    return model;
  }

  /** The chat behind it; none where text is just continued. */
  Optional<Chat> chat() {
    return chat;
  }

  /** What makes the whole talk come out the same again. */
  long seed() {
    return options.seed();
  }
}
