package dev.jandaia.cli;

import dev.jandaia.atlas.Subject;
import dev.jandaia.atlas.text.Amounts;
import dev.jandaia.convert.GgufMix;
import dev.jandaia.convert.SyntheticModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code jandaia synth}: a model to measure with, without a download. */
@Command(
    name = "synth",
    description = {
      "Write a GGUF file with the exact shape of a model and random weights, to measure speed"
          + " with.",
      "The types of its tensors are those that llama-quantize gives them. It speaks no language."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  jandaia synth --shape qwen3-0.6b --type Q8_0 --out qwen3-0.6b-Q8_0.gguf",
      "  jandaia synth --shape DIR/config.json --type Q4_K_M --out model.gguf"
    })
final class SynthCommand implements Runnable {
  private static final long SEED = 1;
  private static final int PERCENT = 100;

  @ParentCommand private Main main;
  @Spec private CommandSpec command;

  @Option(
      names = "--shape",
      required = true,
      paramLabel = "MODEL",
      description = {
        "A published model by name (jandaia compare --list), a config.json, or any model."
      })
  private String shape;

  @Option(
      names = "--type",
      required = true,
      paramLabel = "TYPE",
      description = "One of ${COMPLETION-CANDIDATES}.")
  private GgufMix type;

  @Option(
      names = {"-o", "--out"},
      required = true,
      paramLabel = "FILE",
      description = "The GGUF file to write.")
  private Path out;

  @Override
  public void run() {
    OutputFile.requireWritable(out);
    Subject subject = main.subject(shape);
    String name = "%s %s, random weights".formatted(subject.name(), type);
    SyntheticModel model = new SyntheticModel(name, subject.spec(), type, SEED);
    PrintWriter err = command.commandLine().getErr();
    boolean live = main.surroundings().terminal();
    model.write(
        out,
        written -> {
          if (live) {
            err.printf("\r%3d%% of %s", written * PERCENT / model.bytes(), size(model));
            err.flush();
          }
        });
    err.printf("%s%s: %s%n", live ? "\r" : "", out, size(model));
  }

  private static String size(SyntheticModel model) {
    return Amounts.bytes(model.bytes());
  }
}
