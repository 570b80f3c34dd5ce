package dev.jandaia.cli;

import dev.jandaia.checkpoint.SafetensorsWriter;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.load.Gradients;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code jandaia grads}: the gradients of a model, as a file of numbers. */
@Command(
    name = "grads",
    description = {
      "Write the gradient of the next-token loss for every tensor, as safetensors.",
      "The file holds loss, the mean cross entropy over all rows in nats per token, and"
          + " grad.NAME for every tensor NAME of the checkpoint."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = "  jandaia grads path/to/model --ids rows.json --out grads.safetensors")
final class GradsCommand implements Runnable {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;

  @Parameters(paramLabel = "MODEL", description = ModelPaths.DESCRIPTION)
  private String model;

  @Option(
      names = "--ids",
      required = true,
      paramLabel = "FILE",
      description = "JSON file with rows of token ids: [[1, 2, 3], [4, 5]].")
  private Path ids;

  @Option(
      names = {"-o", "--out"},
      required = true,
      paramLabel = "FILE",
      description = "The safetensors file to write.")
  private Path out;

  @Mixin private EngineOptions engineOptions = new EngineOptions();

  @Override
  public void run() {
    int[][] rows = TokenRows.read(ids);
    OutputFile.requireWritable(out);
    Path path = main.locate(model);
    try (Engine engine =
        Engine.open(
            path, Kernels.best(), engineOptions.threads(), command.commandLine().getErr())) {
      TokenRows.requireKnown(engine.loaded().spec(), rows);
      Stream.of(rows).forEach(row -> engine.requireRoom(row.length));
      SafetensorsWriter.write(out, Map.of(), Gradients.of(engine.loaded(), engine.compute(), rows));
    }
  }
}
