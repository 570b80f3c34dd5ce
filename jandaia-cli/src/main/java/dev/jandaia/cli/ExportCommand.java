package dev.jandaia.cli;

import dev.jandaia.convert.HubConversion;
import dev.jandaia.tensor.DType;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code jandaia export}: a model as a Hugging Face directory. */
@Command(
    name = "export",
    description = {
      "Write a model as a Hugging Face directory (config.json, model.safetensors) that transformers"
          + " loads as it is.",
      "Tensors keep their type; what is quantised becomes F32 unless --type says otherwise. A"
          + " tokenizer beside the model is copied; one inside a GGUF file becomes tokenizer.json,"
          + " tokenizer_config.json and generation_config.json."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  jandaia export model.gguf directory --type BF16",
      "  jandaia export ORG/NAME directory"
    })
final class ExportCommand implements Runnable {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;

  @Parameters(index = "0", paramLabel = "IN", description = ModelPaths.DESCRIPTION)
  private String in;

  @Parameters(index = "1", paramLabel = "DIR", description = "The directory to write, a new one.")
  private Path out;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "F32, F16 or BF16 for all tensors (default: as they are stored).")
  private PlainType type;

  /** The types of plain numbers. */
  enum PlainType {
    F32(DType.F32),
    F16(DType.F16),
    BF16(DType.BF16);

    private final DType dtype;

    PlainType(DType dtype) {
      this.dtype = dtype;
    }
  }

  @Override
  public void run() {
    PrintWriter err = command.commandLine().getErr();
    Path from = main.locate(in);
    Optional<DType> asked = Optional.ofNullable(type).map(plain -> plain.dtype);
    new HubConversion(asked, note -> err.println("jandaia: note: " + note)).convert(from, out);
    err.println(out + ": config.json, model.safetensors");
  }
}
