package dev.jandaia.cli;

import dev.jandaia.convert.Conversion;
import dev.jandaia.convert.Difference;
import dev.jandaia.convert.DirectoryConversion;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.load.LoadedModel;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code jandaia convert}: a model as another Hugging Face directory. */
@Command(
    name = "convert",
    description = {
      "Write a model as a new Hugging Face directory: with fewer key/value heads, with latent"
          + " attention, with a LoRA adapter merged, in another type, in other shards.",
      "Tokenizer files come along. The report says what was lost: relative norms of the"
          + " difference of attention outputs and logits, on the text or ids given.",
      "Fewer heads and truncated ranks are a start for further training, not a finished model."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  jandaia convert MODEL OUT --kv-heads 4",
      "  jandaia convert MODEL OUT --mla-rank 512 --rope-dim 64",
      "  jandaia convert MODEL OUT --lora ADAPTER --dtype BF16",
      "  jandaia convert MODEL OUT --max-shard-size 2GB"
    })
final class ConvertCommand implements Runnable {
  private enum Type {
    F32(DType.F32),
    BF16(DType.BF16),
    F16(DType.F16);

    private final DType type;

    Type(DType type) {
      this.type = type;
    }
  }

  @ParentCommand private Main main;
  @Spec private CommandSpec command;

  @Parameters(
      index = "0",
      paramLabel = "IN",
      description = "A Hugging Face directory, or ORG/NAME of a pulled model.")
  private String in;

  @Parameters(index = "1", paramLabel = "OUT", description = "The directory to make.")
  private Path out;

  @ArgGroup(exclusive = true)
  private Change change = new Change();

  /** At most one of these. */
  static final class Change {
    @Option(
        names = "--kv-heads",
        paramLabel = "N",
        description = "Mean-pool key and value heads to N (1: multi-query attention).")
    private Integer kvHeads;

    @ArgGroup(exclusive = false)
    private Latent latent;

    @Option(names = "--lora", paramLabel = "DIR", description = "Merge the PEFT adapter in DIR.")
    private Path lora;
  }

  /** Latent attention. */
  static final class Latent {
    @Option(
        names = "--mla-rank",
        required = true,
        paramLabel = "R",
        description = "Latent attention (MLA) as deepseek_v3 with a latent of R elements.")
    private int rank;

    @Option(
        names = "--rope-dim",
        paramLabel = "N",
        description =
            "Elements of the shared key that keep RoPE; by default all of them, which loses nothing"
                + " and saves nothing on keys.")
    private Integer ropeDim;
  }

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "Store floating-point tensors as one of ${COMPLETION-CANDIDATES}.")
  private Type dtype;

  @Option(
      names = "--max-shard-size",
      paramLabel = "SIZE",
      description = "Most bytes of one file, as 500MB, 5GB or 2GiB; by default all in one file.")
  private String maxShardSize;

  @Option(
      names = "--ids",
      paramLabel = "IDS",
      description = "Token ids to compare on, separated by commas or spaces.")
  private String ids;

  @Option(
      names = "--text",
      paramLabel = "TEXT",
      description = "Text to compare on; by default a paragraph about parakeets.")
  private String text;

  @Override
  public void run() {
    Path from = main.locate(in);
    if (!Files.isDirectory(from)) {
      throw new JandaiaException(
          from + ": expected a Hugging Face directory (jandaia export makes one of a GGUF file)");
    }
    long shard = maxShardSize == null ? Long.MAX_VALUE : ByteSize.parse(maxShardSize);
    Optional<DType> type = Optional.ofNullable(dtype).map(chosen -> chosen.type);
    Conversion conversion = conversion();
    boolean compares = changesNumbers(conversion, type);
    // A sample that is bad must not show only when the work is done.
    int[] sample = compares ? sample(from) : new int[0];
    PrintWriter report = command.commandLine().getOut();
    new DirectoryConversion(conversion, type, shard).convert(from, out).forEach(report::println);
    if (compares) {
      compare(from, sample, report);
    }
    report.flush();
    command.commandLine().getErr().println(out + ": written");
  }

  private Conversion conversion() {
    if (change.kvHeads != null) {
      return new Conversion.PoolHeads(change.kvHeads);
    }
    if (change.latent != null) {
      Integer ropeDim = change.latent.ropeDim;
      return new Conversion.Latent(
          change.latent.rank, ropeDim == null ? OptionalInt.empty() : OptionalInt.of(ropeDim));
    }
    return change.lora == null ? new Conversion.Unchanged() : new Conversion.MergeLora(change.lora);
  }

  /** Shards change nothing, and what an adapter changes is no loss. */
  private static boolean changesNumbers(Conversion conversion, Optional<DType> type) {
    return switch (conversion) {
      case Conversion.Unchanged _ -> type.isPresent();
      case Conversion.MergeLora _ -> false;
      case Conversion.PoolHeads _, Conversion.Latent _ -> true;
    };
  }

  private int[] sample(Path from) {
    ModelSpec spec = main.subject(in).spec();
    int[] sample = SampleIds.of(from, spec, ids, text);
    TokenRows.requireKnown(spec, sample);
    return sample;
  }

  private void compare(Path from, int[] sample, PrintWriter report) {
    try (LoadedModel before = LoadedModel.open(from, Kernels.best());
        LoadedModel after = LoadedModel.open(out, Kernels.best());
        Workers workers = Workers.of(Runtime.getRuntime().availableProcessors())) {
      Difference difference = Difference.of(before, after, sample, workers);
      report.printf("compared on %d tokens (relative norm of the difference):%n", sample.length);
      difference.rows().forEach(report::println);
    }
  }
}
