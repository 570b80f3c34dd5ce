package dev.jandaia.cli;

import dev.jandaia.atlas.Gallery;
import dev.jandaia.atlas.Machine;
import dev.jandaia.atlas.MachineProbe;
import dev.jandaia.atlas.MeasuredRows;
import dev.jandaia.atlas.Sheet;
import dev.jandaia.atlas.Subject;
import dev.jandaia.atlas.report.TerminalReport;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code jandaia compare}: models side by side. */
@Command(
    name = "compare",
    description =
        "Compare models: parameters, cache, arithmetic, bytes moved, and the tokens per second that"
            + " this machine allows. No weights are needed: names of published models and bare"
            + " config.json files will do.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  jandaia compare deepseek-v3 llama-3.2-1b",
      "  jandaia compare model.gguf config.json gemma-3-27b -o html page.html",
      "  jandaia compare qwen3-0.6b llama-3.2-1b --measure",
      "  jandaia compare --list"
    })
final class CompareCommand implements Runnable {
  private static final int DEFAULT_WIDTH = 100;
  private static final int NARROWEST = 60;

  @ParentCommand private Main main;
  @Spec private CommandSpec command;

  @Parameters(
      paramLabel = "MODEL",
      arity = "0..*",
      description =
          "A Hugging Face directory, a GGUF file, a config.json, a published model by name"
              + " (--list), or ORG/NAME of a pulled model.")
  private List<String> models = List.of();

  @Option(
      names = "-o",
      arity = "2",
      paramLabel = "FORMAT FILE",
      hideParamSyntax = true,
      description =
          "Write the comparison as md, json or html (one page with diagrams and plots) "
              + "to FILE, or - for standard output.")
  private List<String> output = List.of();

  @Option(names = "--explain", description = "Print the formula of every count, numbers put in.")
  private boolean explain;

  @Option(
      names = "--measure",
      description =
          "Run each model for some seconds: its weights, or random ones of its shape "
              + "where they fit into memory.")
  private boolean measure;

  @Option(
      names = "--machine",
      paramLabel = "GB/S,GFLOP/S",
      description =
          "Bandwidth and peak of matrix products to predict tokens per second for, "
              + "instead of a short measurement of this machine.")
  private Optional<String> machine = Optional.empty();

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "Threads to measure with (as many as there are processors).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--list", description = "List the published models that can be named.")
  private boolean list;

  @Override
  public void run() {
    if (list) {
      list();
      return;
    }
    if (models.isEmpty()) {
      throw new UsageException("expected at least one MODEL");
    }
    CompareOutput destination = CompareOutput.of(output);
    List<Subject> subjects = Subject.distinct(models.stream().map(main::subject).toList());
    Sheet sheet = sheet(subjects);
    PrintWriter out = command.commandLine().getOut();
    if (!destination.write(sheet, out)) {
      boolean colors = main.showsColors();
      new TerminalReport(sheet, width(), colors, explain).lines().forEach(out::println);
    }
  }

  private void list() {
    PrintWriter out = command.commandLine().getOut();
    for (String name : Gallery.names()) {
      boolean built = Gallery.isBuilt(name);
      out.println(name + (built ? "" : "  (family %s not built yet)".formatted(type(name))));
    }
  }

  private static String type(String name) {
    return Gallery.config(name).modelType();
  }

  private Sheet sheet(List<Subject> subjects) {
    try (Workers workers = Workers.of(Require.atLeast("-t", 1, threads))) {
      Kernels kernels = Kernels.fastest();
      Machine bounds = machine.map(Machine::parse).orElseGet(() -> probe(kernels, workers));
      Sheet sheet = Sheet.of(subjects, Optional.of(bounds));
      return measure
          ? sheet.with(MeasuredRows.of(subjects, bounds, kernels, workers, this::progress))
          : sheet;
    }
  }

  private Machine probe(Kernels kernels, Workers workers) {
    progress("measuring bandwidth and matrix products (--machine gives them instead)");
    return MachineProbe.measure(kernels, workers);
  }

  private void progress(String text) {
    PrintWriter err = command.commandLine().getErr();
    err.println(text);
    err.flush();
  }

  private int width() {
    String columns = main.surroundings().environment().getOrDefault("COLUMNS", "");
    return columns.matches("\\d{1,4}")
        ? Math.max(NARROWEST, Integer.parseInt(columns))
        : DEFAULT_WIDTH;
  }
}
