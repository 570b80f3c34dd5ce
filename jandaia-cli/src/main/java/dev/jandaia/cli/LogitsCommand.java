package dev.jandaia.cli;

import dev.jandaia.checkpoint.SafetensorsWriter;
import dev.jandaia.checkpoint.TensorOutput;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code jandaia logits}: what a model computes for given tokens, as a file of numbers. */
@Command(
    name = "logits",
    description = {
      "Write the logits of a row of tokens, all positions, as safetensors.",
      "The file holds logits [1, T, V] f32; with --hidden also hidden_0 [T, C], the input of the"
          + " first layer, to hidden_L, the output of the last, and hidden_norm."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = "  jandaia logits model.gguf --ids 1,2,3 --out logits.safetensors --hidden")
final class LogitsCommand implements Runnable {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;

  @Parameters(paramLabel = "MODEL", description = ModelPaths.DESCRIPTION)
  private String model;

  @Option(
      names = "--ids",
      required = true,
      paramLabel = "IDS",
      description = "Token ids, separated by commas or spaces.")
  private String ids;

  @Option(
      names = {"-o", "--out"},
      required = true,
      paramLabel = "FILE",
      description = "The safetensors file to write.")
  private Path out;

  @Option(names = "--hidden", description = "Also write the residual stream between the layers.")
  private boolean hidden;

  @Mixin private EngineOptions engineOptions = new EngineOptions();

  @Override
  public void run() {
    int[] row = TokenRows.parse(ids);
    OutputFile.requireWritable(out);
    Path path = main.locate(model);
    try (Engine engine =
        Engine.open(
            path, Kernels.best(), engineOptions.threads(), command.commandLine().getErr())) {
      TokenRows.requireKnown(engine.loaded().spec(), row);
      engine.requireRoom(row.length);
      SafetensorsWriter.write(out, Map.of(), tensors(engine, row));
    }
  }

  private List<TensorOutput> tensors(Engine engine, int[] row) {
    List<TensorOutput> tensors = new ArrayList<>();
    LanguageModel languageModel = engine.loaded().model();
    Compute compute = engine.compute();
    Batch batch = new Batch();
    batch.add(languageModel.newSequence(), row, 0, row.length);
    LanguageModel.Observer observer =
        (index, x) -> tensors.add(tensor("hidden_" + index, x, x.rows(), x.cols()));
    Matrix normed =
        languageModel.hidden(compute, batch, hidden ? observer : LanguageModel.Observer.NONE);
    if (hidden) {
      tensors.add(tensor("hidden_norm", normed, normed.rows(), normed.cols()));
    }
    Matrix logits = languageModel.logits(compute, normed);
    tensors.add(tensor("logits", logits, 1, logits.rows(), logits.cols()));
    return tensors;
  }

  private static TensorOutput tensor(String name, Matrix matrix, long... shape) {
    float[] values = Arrays.copyOf(matrix.data(), matrix.size());
    return TensorOutput.of(name, Shape.of(shape), values);
  }
}
