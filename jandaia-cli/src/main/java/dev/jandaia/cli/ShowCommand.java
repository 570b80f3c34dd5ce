package dev.jandaia.cli;

import dev.jandaia.family.Config;
import dev.jandaia.family.Families;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.json.SpecJson;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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
      "  jandaia show config.json",
      "  jandaia show model.gguf --json"
    })
final class ShowCommand implements Runnable {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;

  @Parameters(
      paramLabel = "MODEL",
      description = ModelFiles.DESCRIPTION + " Or a bare config.json.")
  private String model;

  @Option(names = "--json", description = "Print the architecture as a value, in JSON.")
  private boolean json;

  @Override
  public void run() {
    ModelSpec spec = spec(main.locate(model));
    PrintWriter out = command.commandLine().getOut();
    if (json) {
      out.println(SpecJson.write(spec));
    } else {
      new ModelText(spec, StorageWidth.BF16).lines().forEach(out::println);
    }
  }

  private static ModelSpec spec(Path path) {
    Path config = Files.isDirectory(path) ? path.resolve("config.json") : path;
    return Families.spec(Config.read(config));
  }
}
