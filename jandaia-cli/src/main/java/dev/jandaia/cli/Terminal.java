package dev.jandaia.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What the terminal, if there is one, can show. */
final class Terminal {
  private static final Path ERROR = Path.of("/proc/self/fd/2");

  private Terminal() {}

  /** Whether both standard input and standard output are a terminal. */
  // JDK 22 to 24 never returned null; 25 does again when there is no terminal
  @SuppressWarnings("SystemConsoleNull")
  static boolean isAttached() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** Whether a line on standard error may be drawn over and over. */
  static boolean showsProgress(Surroundings surroundings) {
    boolean dumb = surroundings.environment().getOrDefault("TERM", "").equals("dumb");
    return surroundings.terminal() && !dumb && !isRedirected(ERROR);
  }

  /** The JDK knows of standard input and output only; Linux tells about the others. */
  private static boolean isRedirected(Path descriptor) {
    try {
      return !Files.readSymbolicLink(descriptor).startsWith("/dev");
    } catch (IOException | UnsupportedOperationException _) {
      return false;
    }
  }

  /**
   * Colors are for terminals that know them, unless the user says {@code NO_COLOR} (no-color.org).
   */
  static boolean showsColors(Map<String, String> environment, boolean terminal) {
    boolean refused = !environment.getOrDefault("NO_COLOR", "").isEmpty();
    boolean dumb = environment.getOrDefault("TERM", "").equals("dumb");
    return terminal && !refused && !dumb;
  }
}
