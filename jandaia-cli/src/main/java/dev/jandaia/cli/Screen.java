package dev.jandaia.cli;

import dev.jandaia.Reply;
import dev.jandaia.TextModel;
import dev.jandaia.generate.FinishReason;
import dev.jandaia.generate.Timings;
import dev.jandaia.kernel.Kernels;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine;

/** Answers on standard output as they arrive; everything about them on standard error. */
final class Screen {
  private static final String DIM = "\u001b[2m";
  private static final String PLAIN = "\u001b[0m";

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean colors;

  Screen(CommandLine command, boolean colors) {
    this.out = command.getOut();
    this.err = command.getErr();
    this.colors = colors;
  }

  /** Says who is there. */
  void introduce(TextModel model, int threads) {
    StoredModel stored = StoredModel.of(model.spec(), model.loaded().source());
    note(
        "%s (%s), %d threads, kernels %s. /help lists the commands."
            .formatted(model.name(), stored.name(), threads, Kernels.fastest().name()));
  }

  /** Shows an answer while it is being written, then its timings. */
  void show(Conversation conversation, String text) {
    Reply reply = conversation.say(text, this::piece);
    out.println();
    out.flush();
    note(line(reply, conversation.seed()));
  }

  private void piece(String text) {
    out.print(text);
    // also flushes; nobody reads any more: the answer can end
    if (out.checkError()) {
      Thread.currentThread().interrupt();
    }
  }

  /** A line about something, for the user alone. */
  void note(String text) {
    err.println(colors ? DIM + text + PLAIN : text);
    err.flush();
  }

  private static String line(Reply reply, long seed) {
    Timings timings = reply.timings();
    return String.format(
        Locale.ROOT,
        "prompt %d tokens, %.1f/s; answer %d tokens, %.1f/s%s; seed %d",
        timings.promptTokens(),
        timings.promptTokensPerSecond(),
        timings.generatedTokens(),
        timings.generatedTokensPerSecond(),
        ending(reply.reason()),
        seed);
  }

  private static String ending(FinishReason reason) {
    return switch (reason) {
      case STOP -> "";
      case LENGTH -> " (cut off: -n raises the limit)";
      case CANCELLED -> " (stopped)";
    };
  }
}
