package dev.jandaia.cli;

import dev.jandaia.atlas.Subject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The {@code jandaia} command. Each subcommand is one class of this package, listed below.
 *
 * <p>Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted. Results go to standard output,
 * everything else to standard error, and an error is one line.
 */
@Command(
    name = "jandaia",
    description = "Run, train, count, compare and serve open language models on the JVM.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  jandaia run",
      "  jandaia pull Qwen/Qwen3-0.6B",
      "  jandaia run Qwen/Qwen3-0.6B -p Hello",
      "  jandaia show Qwen/Qwen3-0.6B"
    })
public final class Main implements Runnable {
  private static final SequencedMap<String, Class<?>> COMMANDS = commands();

  private static SequencedMap<String, Class<?>> commands() {
    SequencedMap<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("run", RunCommand.class);
    commands.put("show", ShowCommand.class);
    commands.put("compare", CompareCommand.class);
    commands.put("tokenize", TokenizeCommand.class);
    commands.put("template", TemplateCommand.class);
    commands.put("logits", LogitsCommand.class);
    commands.put("generate", GenerateCommand.class);
    commands.put("grads", GradsCommand.class);
    commands.put("quantize", QuantizeCommand.class);
    commands.put("convert", ConvertCommand.class);
    commands.put("export", ExportCommand.class);
    commands.put("synth", SynthCommand.class);
    commands.put("bench", BenchCommand.class);
    commands.put("pull", PullCommand.class);
    commands.put("list", ListCommand.class);
    commands.put("train", TrainCommand.class);
    commands.put("help", HelpCommand.class);
    return commands;
  }

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of an error (also: JANDAIA_DEBUG=1).")
  private boolean debug;

  @Spec private CommandSpec spec;

  private final Surroundings surroundings;

  private Main(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    System.exit(execute(commandLine(Surroundings.ofProcess(), wanted(args)), args));
  }

  /**
   * The commands that {@code args} ask for: one, or all where help or an error may have to list
   * them. Reading the annotations of all takes a tenth of a second.
   */
  static Map<String, Class<?>> wanted(String... args) {
    return Stream.of(args)
        .filter(argument -> !argument.startsWith("-"))
        .findFirst()
        .filter(name -> COMMANDS.containsKey(name) && !name.equals("help"))
        .<Map<String, Class<?>>>map(name -> Map.of(name, COMMANDS.get(name)))
        .orElse(COMMANDS);
  }

  /** The whole command tree, with its error handling; the caller may redirect its output. */
  static CommandLine commandLine(Surroundings surroundings) {
    return commandLine(surroundings, COMMANDS);
  }

  private static CommandLine commandLine(
      Surroundings surroundings, Map<String, Class<?>> commands) {
    Map<String, String> environment = surroundings.environment();
    boolean colors = Terminal.showsColors(environment, surroundings.terminal());
    Main main = new Main(surroundings);
    Failures failures = new Failures(() -> main.debug || environment.containsKey("JANDAIA_DEBUG"));
    CommandLine commandLine = new CommandLine(main);
    commands.forEach(commandLine::addSubcommand);
    return commandLine
        .setColorScheme(Help.defaultColorScheme(colors ? Help.Ansi.ON : Help.Ansi.OFF))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures);
  }

  /** Executes {@code args} and returns the exit code; never throws. */
  static int execute(CommandLine commandLine, String... args) {
    PrintWriter out = commandLine.getOut();
    PrintWriter err = commandLine.getErr();
    try {
      return commandLine.execute(args);
    } catch (Error e) {
      return ((Failures) commandLine.getExecutionExceptionHandler()).handleError(e, commandLine);
    } finally {
      out.flush();
      err.flush();
    }
  }

  Surroundings surroundings() {
    return surroundings;
  }

  /** The files that {@code model} means. */
  Path locate(String model) {
    return ModelPaths.locate(model, surroundings.hub());
  }

  /**
   * The architecture that {@code model} means: files, a published model, or one that was pulled.
   */
  Subject subject(String model) {
    return ModelPaths.subject(model, surroundings.hub());
  }

  /** Whether standard output may be coloured. */
  boolean showsColors() {
    return Terminal.showsColors(surroundings.environment(), surroundings.terminal());
  }

  /** Without a subcommand: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
