package dev.jandaia.cli;

import dev.jandaia.atlas.Sheet;
import dev.jandaia.atlas.Subject;
import dev.jandaia.atlas.report.TerminalReport;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.json.SpecJson;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code jandaia show}: a model at a glance. */
@Command(
    name = "show",
    description = {
      "Show what a model is made of and what it costs: layers, parameters, memory, arithmetic.",
      "No weights are needed: a config.json alone will do."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  jandaia show ORG/NAME",
      "  jandaia show deepseek-v3 --explain",
      "  jandaia show config.json",
      "  jandaia show model.gguf --json"
    })
final class ShowCommand implements Runnable {
  private static final int WIDTH = 100;

  @ParentCommand private Main main;
  @Spec private CommandSpec command;

  @Parameters(
      paramLabel = "MODEL",
      description =
          ModelPaths.DESCRIPTION + " Or a bare config.json, or a published model by name.")
  private String model;

  @Option(names = "--json", description = "Print the architecture as a value, in JSON.")
  private boolean json;

  @Option(names = "--explain", description = "Print the formula of every count, numbers put in.")
  private boolean explain;

  @Override
  public void run() {
    Subject subject = main.subject(model);
    ModelSpec spec = subject.spec();
    PrintWriter out = command.commandLine().getOut();
    if (json) {
      out.println(SpecJson.write(spec));
    } else {
      new ModelText(spec, StorageWidth.BF16).lines().forEach(out::println);
      if (explain) {
        Sheet sheet = Sheet.of(List.of(subject), Optional.empty());
        new TerminalReport(sheet, WIDTH, main.showsColors(), true).working().forEach(out::println);
      }
    }
  }
}
