package dev.jandaia.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.tensor.JandaiaException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class MainTest {

  @Test
  void helpListsEveryCommandAndGoesToStandardOutput() {
    Cli cli = Cli.run("--help");

    assertEquals(0, cli.exitCode());
    assertEquals("", cli.err());
    for (String command : Main.commandLine(Cli.surroundings("")).getSubcommands().keySet()) {
      assertTrue(cli.out().contains("\n  " + command), command);
    }
  }

  @Test
  void commandsHaveTheNamesOfTheirClasses() {
    Main.wanted()
        .forEach((name, type) -> assertEquals(name, type.getAnnotation(Command.class).name()));
  }

  @Test
  void onlyTheCommandThatIsAskedForIsRead() {
    assertEquals(Map.of("run", RunCommand.class), Main.wanted("run", "-p", "show"));
    assertEquals(Map.of("show", ShowCommand.class), Main.wanted("--debug", "show"));
  }

  @Test
  void allCommandsAreReadWhereTheyMayBeListed() {
    Map<String, Class<?>> all = Main.wanted();

    assertTrue(all.size() > 10, all.toString());
    assertEquals(all, Main.wanted("--help"));
    assertEquals(all, Main.wanted("help", "run"));
    assertEquals(all, Main.wanted("rnu"));
  }

  @Test
  void withoutArgumentsShowsTheHelp() {
    assertEquals(Cli.run("--help"), Cli.run());
  }

  @Test
  void everyExampleInTheHelpParses() {
    CommandLine main = Main.commandLine(Cli.surroundings(""));
    examplesParse(main);
    main.getSubcommands().values().forEach(MainTest::examplesParse);
  }

  private static void examplesParse(CommandLine command) {
    String footer = String.join("\n", command.getCommandSpec().usageMessage().footer());
    for (String line : footer.replace("\\\n", "").split("\n")) {
      List<String> words = shellWords(line);
      if (!words.isEmpty() && words.getFirst().equals("jandaia")) {
        String[] arguments = words.subList(1, words.size()).toArray(String[]::new);
        Main.commandLine(Cli.surroundings("")).parseArgs(arguments);
      }
    }
  }

  /** What a shell would make of a line that knows no quotes but {@code '…'}. */
  private static List<String> shellWords(String line) {
    return Pattern.compile("(?:[^\\s']+|'[^']*')+")
        .matcher(line)
        .results()
        .map(word -> word.group().replace("'", ""))
        .toList();
  }

  @Test
  void versionNamesTheJava() {
    Cli cli = Cli.run("--version");

    assertEquals(0, cli.exitCode());
    assertTrue(cli.out().startsWith("jandaia "), cli.out());
    assertTrue(cli.out().contains("Java " + Runtime.version()), cli.out());
  }

  @Test
  void wrongUsageIsOneLineAndExitsWithTwo() {
    String unknownOption = "jandaia: unknown option --hlep (see jandaia --help)";
    String unknownCommand =
        "jandaia: unknown command or argument hlp; did you mean help? (see jandaia --help)";

    assertEquals(new Cli(2, "", unknownOption + System.lineSeparator()), Cli.run("--hlep"));
    assertEquals(new Cli(2, "", unknownCommand + System.lineSeparator()), Cli.run("hlp"));
  }

  @Test
  void userErrorIsOneLineAndExitsWithOne() {
    Cli cli = failingWith(new JandaiaException("model.gguf: magic is 0, expected GGUF"), "fail");

    assertEquals(failure("model.gguf: magic is 0, expected GGUF"), cli);
  }

  @Test
  void missingFileIsNamed() {
    Cli cli = failingWith(new UncheckedIOException(new NoSuchFileException("model.gguf")), "fail");

    assertEquals(failure("model.gguf: no such file"), cli);
  }

  @Test
  void programmingErrorIsOneLineThatSaysHowToSeeMore() {
    Cli cli = failingWith(new IllegalStateException("row 3\n of 2"), "fail");

    assertEquals(
        failure(
            "internal error: java.lang.IllegalStateException: row 3 of 2"
                + " (please report it; --debug shows where)"),
        cli);
  }

  @Test
  void debugShowsTheStackTraceBeforeOrAfterTheSubcommand() {
    JandaiaException error = new JandaiaException("broken");

    for (String[] args : new String[][] {{"--debug", "fail"}, {"fail", "--debug"}}) {
      String err = failingWith(error, args).err();
      assertTrue(err.startsWith("jandaia: broken" + System.lineSeparator()), err);
      assertTrue(err.contains("at " + MainTest.class.getName()), err);
    }
  }

  @Test
  void interruptionIsSilentAndExitsWith130() {
    assertEquals(new Cli(130, "", ""), failingWith(new InterruptedException(), "fail"));
  }

  @Test
  void exhaustedHeapIsOneLine() {
    Cli cli = failingWith(new OutOfMemoryError("Java heap space"), "fail");

    assertEquals(1, cli.exitCode());
    assertTrue(cli.err().startsWith("jandaia: out of memory: Java heap space"), cli.err());
  }

  @Test
  void colorsNeedATerminalAndNoRefusal() {
    assertTrue(Terminal.showsColors(Map.of("TERM", "xterm"), true));
    assertTrue(Terminal.showsColors(Map.of("NO_COLOR", ""), true));
    assertFalse(Terminal.showsColors(Map.of("NO_COLOR", "1"), true));
    assertFalse(Terminal.showsColors(Map.of("TERM", "dumb"), true));
    assertFalse(Terminal.showsColors(Map.of("TERM", "xterm"), false));
  }

  @Test
  void helpIsColoredOnATerminalOnly() {
    assertTrue(Cli.run(Main.commandLine(Cli.terminal()), "--help").out().contains("\u001b["));
    assertFalse(
        Cli.run(Main.commandLine(Cli.surroundings("")), "--help").out().contains("\u001b["));
  }

  private static Cli failure(String message) {
    return new Cli(1, "", "jandaia: " + message + System.lineSeparator());
  }

  private static Cli failingWith(Throwable error, String... args) {
    CommandLine main = Main.commandLine(Cli.surroundings(""));
    return Cli.run(main.addSubcommand(new Failing(error)), args);
  }

  @Command(name = "fail")
  private record Failing(Throwable error) implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
      switch (error) {
        case Exception e -> throw e;
        case Error e -> throw e;
        default -> throw new AssertionError(error);
      }
    }
  }
}
