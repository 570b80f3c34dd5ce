package dev.jandaia.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** The terminal with line editing, history and pasting of several lines. */
final class LineEditor implements Keyboard {
  private final Terminal terminal;
  private final LineReader reader;

  private LineEditor(Terminal terminal) {
    this.terminal = terminal;
    this.reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            // a chat is full of exclamation marks
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
  }

  static LineEditor open() {
    try {
      return new LineEditor(TerminalBuilder.builder().system(true).dumb(true).build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<String> readLine() throws InterruptedException {
    while (true) {
      try {
        return Optional.of(reader.readLine("> "));
      } catch (EndOfFileException _) {
        return Optional.empty();
      } catch (UserInterruptException e) {
        // as in a shell: the first Ctrl-C only drops what was typed
        if (e.getPartialLine().isEmpty()) {
          throw new InterruptedException();
        }
      }
    }
  }

  @Override
  public void onInterrupt(Runnable action) {
    terminal.handle(Terminal.Signal.INT, _ -> action.run());
  }

  @Override
  public void close() {
    try {
      terminal.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
