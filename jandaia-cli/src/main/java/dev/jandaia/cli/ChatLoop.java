package dev.jandaia.cli;

import dev.jandaia.Chat;
import dev.jandaia.atlas.text.Amounts;
import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Line after line: a command, or something to be answered. */
final class ChatLoop {
  private static final Pattern COMMAND = Pattern.compile("/([a-z]+)(?:\\s+(.*))?", Pattern.DOTALL);
  private static final String HELP =
      """
      /context      how full the context is
      /system TEXT  say how the model is to behave
      /save FILE    save the conversation as JSON
      /reset        forget the conversation, but not /system
      /quit         leave (also Ctrl-D; Ctrl-C stops an answer)\
      """;

  private final Conversation conversation;
  private final Keyboard keyboard;
  private final Screen screen;

  ChatLoop(Conversation conversation, Keyboard keyboard, Screen screen) {
    this.conversation = conversation;
    this.keyboard = keyboard;
    this.screen = screen;
  }

  /**
   * Talks until the user leaves.
   *
   * @throws InterruptedException if the user left with Ctrl-C
   */
  void run() throws InterruptedException {
    keyboard.onInterrupt(Thread.currentThread()::interrupt);
    while (true) {
      Optional<String> line = keyboard.readLine();
      if (line.isEmpty() || !accept(line.get().strip())) {
        return;
      }
    }
  }

  /** Does what the line says; false if it says goodbye. */
  private boolean accept(String line) {
    Matcher command = COMMAND.matcher(line);
    try {
      if (!command.matches()) {
        answer(line);
        return true;
      }
      String argument = Optional.ofNullable(command.group(2)).orElse("").strip();
      return execute(command.group(1), argument);
    } catch (JandaiaException e) {
      screen.note("jandaia: " + e.getMessage());
      return true;
    }
  }

  private void answer(String line) {
    if (line.isEmpty()) {
      return;
    }
    try {
      screen.show(conversation, line);
    } finally {
      // a Ctrl-C was for this answer
      Thread.interrupted();
    }
  }

  private boolean execute(String command, String argument) {
    switch (command) {
      case "quit", "exit", "bye" -> {
        return false;
      }
      case "help" -> screen.note(HELP);
      case "context" -> context();
      case "reset" -> chat().reset();
      case "system" -> system(argument);
      case "save" -> save(argument);
      default -> screen.note("no command /" + command + "; /help lists them");
    }
    return true;
  }

  private Chat chat() {
    return conversation
        .chat()
        .orElseThrow(() -> new JandaiaException("there is no conversation without a template"));
  }

  private void context() {
    screen.note(
        "%s of %s tokens"
            .formatted(
                Amounts.grouped(chat().cachedTokens()),
                Amounts.grouped(conversation.model().spec().contextLength())));
  }

  private void system(String text) {
    if (text.isEmpty()) {
      throw new JandaiaException("/system: expected a text, found none");
    }
    chat().system(text);
  }

  /** The file has the form of a row that {@code jandaia template} reads. */
  private void save(String name) {
    if (name.isEmpty()) {
      throw new JandaiaException("/save: expected a file name, found none");
    }
    ObjectNode root = JsonMapper.shared().createObjectNode();
    ArrayNode messages = root.putArray("messages");
    for (Chat.Message message : chat().messages()) {
      messages.addObject().put("role", message.role()).put("content", message.content());
    }
    Path file = Path.of(name);
    OutputFile.requireWritable(file);
    write(file, root.toPrettyString() + "\n");
    screen.note("saved in " + file);
  }

  private static void write(Path file, String text) {
    try {
      Path directory = file.toAbsolutePath().getParent();
      Path fresh = Files.createTempFile(directory, ".jandaia", ".tmp");
      try {
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(fresh);
      }
    } catch (IOException e) {
      throw new JandaiaException(file + ": cannot be written: " + e, e);
    }
  }
}
