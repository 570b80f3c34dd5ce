package dev.jandaia.cli;

import dev.jandaia.hub.HubConfig;
import java.io.InputStream;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a command finds around it. Tests bring their own.
 *
 * @param environment the variables of the process
 * @param terminal whether standard input and output are a terminal
 * @param in standard input
 * @param hub where models come from; asked only by commands that need it
 * @param keyboard opens the terminal for a conversation
 */
record Surroundings(
    Map<String, String> environment,
    boolean terminal,
    InputStream in,
    Supplier<HubConfig> hub,
    Supplier<Keyboard> keyboard) {

  /** Those of this process. */
  static Surroundings ofProcess() {
    return new Surroundings(
        System.getenv(),
        Terminal.isAttached(),
        System.in,
        HubConfig::fromEnvironment,
        LineEditor::open);
  }
}
