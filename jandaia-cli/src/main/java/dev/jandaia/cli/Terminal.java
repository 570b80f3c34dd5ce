package dev.jandaia.cli;

import java.io.Console;
import java.util.Map;

/** What the terminal, if there is one, can show. */
final class Terminal {
  private Terminal() {}

  /** Whether both standard input and standard output are a terminal. */
  // JDK 22 to 24 never returned null; 25 does again when there is no terminal
  @SuppressWarnings("SystemConsoleNull")
  static boolean isAttached() {
    Console console = System.console();
    return console != null && console.isTerminal();
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
