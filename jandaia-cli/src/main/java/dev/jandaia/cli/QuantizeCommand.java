package dev.jandaia.cli;

import dev.jandaia.atlas.text.Amounts;
import dev.jandaia.convert.GgufConversion;
import dev.jandaia.convert.Quantisation;
import dev.jandaia.tensor.DType;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code jandaia quantize}: a model as one GGUF file of fewer bits. */
@Command(
    name = "quantize",
    description = {
      "Write a model as one GGUF file with its matrices in another type.",
      "Vectors, expert routers and learned positions stay F32. Where rows are not whole blocks of"
          + " 256, Q2_K and Q3_K become Q4_0, Q4_K becomes Q5_0, Q5_K Q5_1, Q6_K Q8_0; where they"
          + " are not whole blocks of 32, F16. Each such tensor is reported."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  jandaia quantize ORG/NAME model-Q8_0.gguf --type Q8_0",
      "  jandaia quantize model-f16.gguf model-Q4_0.gguf --type Q4_0"
    })
final class QuantizeCommand implements Runnable {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;

  @Parameters(index = "0", paramLabel = "IN", description = ModelPaths.DESCRIPTION)
  private String in;

  @Parameters(index = "1", paramLabel = "OUT", description = "The GGUF file to write.")
  private Path out;

  @Option(
      names = "--type",
      required = true,
      paramLabel = "TYPE",
      converter = TypeName.class,
      completionCandidates = TypeName.class,
      description = "One of ${COMPLETION-CANDIDATES}.")
  private DType type;

  @Override
  public void run() {
    Path from = main.locate(in);
    OutputFile.requireWritable(out);
    if (isSame(from)) {
      throw new UsageException(out + ": expected another file than IN");
    }
    PrintWriter err = command.commandLine().getErr();
    new GgufConversion(new Quantisation(type), note -> err.println("jandaia: note: " + note))
        .convert(from, out);
    err.printf("%s: %s%n", out, Amounts.bytes(size(out)));
  }

  private boolean isSame(Path from) {
    try {
      return Files.exists(out) && Files.isSameFile(from, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Types by name, in any case. */
  static final class TypeName implements ITypeConverter<DType>, Iterable<String> {
    @Override
    public DType convert(String name) {
      return Quantisation.types().stream()
          .filter(type -> type.name().equals(name.toUpperCase(Locale.ROOT)))
          .findFirst()
          .orElseThrow(() ->
              new TypeConversionException(
                  "expected one of %s but was '%s'".formatted(String.join(", ", names()), name)));
    }

    @Override
    public Iterator<String> iterator() {
      return Arrays.asList(names()).iterator();
    }

    private static String[] names() {
      return Quantisation.types().stream().map(DType::name).toArray(String[]::new);
    }
  }
}
