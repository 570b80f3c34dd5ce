package dev.jandaia.cli;

import dev.jandaia.hub.HubConfig;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine;

/** Runs the command in this process, without a terminal, and keeps what it printed. */
record Cli(int exitCode, String out, String err) {
  /** A Hub that nobody can reach and a cache that is empty. */
  private static final HubConfig NOWHERE =
      new HubConfig(URI.create("http://localhost:1"), Optional.empty(), Path.of("absent"), true);

  static Cli run(String... args) {
    return run(surroundings(""), args);
  }

  static Cli run(Surroundings surroundings, String... args) {
    return run(Main.commandLine(surroundings), args);
  }

  static Cli run(CommandLine commandLine, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exitCode = Main.execute(commandLine, args);
    return new Cli(exitCode, out.toString(), err.toString());
  }

  /** With a text on standard input. */
  static Surroundings surroundings(String in) {
    return surroundings(in, NOWHERE);
  }

  static Surroundings surroundings(String in, HubConfig hub) {
    byte[] bytes = in.getBytes(StandardCharsets.UTF_8);
    return new Surroundings(
        Map.of(), false, new ByteArrayInputStream(bytes), () -> hub, Cli::noKeyboard);
  }

  /** With a terminal and nobody at it. */
  static Surroundings terminal() {
    return terminal(Cli::noKeyboard);
  }

  /** With a terminal and somebody at it. */
  static Surroundings terminal(Keyboard keyboard) {
    return terminal(() -> keyboard);
  }

  private static Surroundings terminal(Supplier<Keyboard> keyboard) {
    Surroundings piped = surroundings("");
    return new Surroundings(piped.environment(), true, piped.in(), piped.hub(), keyboard);
  }

  private static Keyboard noKeyboard() {
    throw new AssertionError("this command must not ask for a keyboard");
  }
}
