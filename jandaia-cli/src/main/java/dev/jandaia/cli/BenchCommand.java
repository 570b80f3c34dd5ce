package dev.jandaia.cli;

import dev.jandaia.cache.CacheType;
import dev.jandaia.cache.SequenceCache;
import dev.jandaia.kernel.Kernels;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code jandaia bench}: tokens per second, as llama-bench reports them. */
@Command(
    name = "bench",
    description = {
      "Measure how fast a model reads a prompt (pp) and generates (tg), in tokens per second.",
      "Each test is warmed up and then repeated; the report goes to standard output."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  jandaia bench model.gguf",
      "  jandaia bench ORG/NAME -p 512 -n 128 -t 1,2,4 -r 5 -o json"
    })
final class BenchCommand implements Runnable {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;

  @Parameters(paramLabel = "MODEL", description = ModelPaths.DESCRIPTION)
  private String model;

  @Option(
      names = {"-p", "--n-prompt"},
      split = ",",
      paramLabel = "N",
      description = "Prompt tokens (512); several: 128,512; 0 skips the test.")
  private int[] prompts = {512};

  @Option(
      names = {"-n", "--n-gen"},
      split = ",",
      paramLabel = "N",
      description = "Tokens to generate (128); several as above.")
  private int[] generations = {128};

  @Option(
      names = {"-d", "--n-depth"},
      split = ",",
      paramLabel = "N",
      description = "Tokens that the context holds before the test (0); several as above.")
  private int[] depths = {0};

  @Option(
      names = "--cache-type",
      split = ",",
      paramLabel = "TYPE",
      description = "How the context is stored (f32); several as above. See: jandaia run --help.")
  private String[] cacheTypes = {"f32"};

  @Option(
      names = {"-t", "--threads"},
      split = ",",
      paramLabel = "N",
      description = "Threads (as many as there are processors); several as above.")
  private int[] threads = {Runtime.getRuntime().availableProcessors()};

  @Option(
      names = {"-r", "--repetitions"},
      paramLabel = "N",
      description = "How often each test is measured (5).")
  private int repetitions = 5;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "md, json or csv (md).")
  private BenchReport.Format format = BenchReport.Format.MD;

  @Override
  public void run() {
    Require.atLeast("-r", 1, repetitions);
    Path path = main.locate(model);
    PrintWriter err = command.commandLine().getErr();
    List<BenchResult> results = new ArrayList<>();
    StoredModel stored = null;
    for (int count : threads) {
      try (Engine engine =
          Engine.open(path, Kernels.fastest(), Require.atLeast("-t", 1, count), err)) {
        stored = StoredModel.of(engine.loaded().spec(), engine.loaded().source());
        measure(engine, count, results);
      }
    }
    String build = String.join(" ", new Version().getVersion());
    String kernels = Kernels.describe();
    BenchReport report = new BenchReport(build, Cpu.name(), kernels, model, stored, results);
    command.commandLine().getOut().print(report.format(format));
  }

  private void measure(Engine engine, int count, List<BenchResult> results) {
    BenchRun bench = new BenchRun(engine);
    for (String name : cacheTypes) {
      CacheType type = CacheType.of(name);
      for (int depth : depths) {
        Require.atLeast("-d", 0, depth);
        Supplier<SequenceCache> context = () -> bench.filled(depth, type);
        for (int tokens : prompts) {
          if (Require.atLeast("-p", 0, tokens) > 0) {
            engine.requireRoom(depth + tokens);
            BenchResult test = new BenchResult(tokens, 0, depth, type, count, now(), List.of());
            results.add(repeat(test, () -> bench.promptNanos(tokens, context.get())));
          }
        }
        for (int tokens : generations) {
          if (Require.atLeast("-n", 0, tokens) > 0) {
            engine.requireRoom(depth + tokens);
            BenchResult test = new BenchResult(0, tokens, depth, type, count, now(), List.of());
            results.add(repeat(test, () -> bench.generationNanos(tokens, context.get())));
          }
        }
      }
    }
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private BenchResult repeat(BenchResult test, LongSupplier measurement) {
    PrintWriter err = command.commandLine().getErr();
    var _ = measurement.getAsLong(); // warm-up
    List<Long> nanos = new ArrayList<>();
    for (int i = 0; i < repetitions; i++) {
      nanos.add(measurement.getAsLong());
      err.printf("%s, %d threads: %d of %d%n", test.test(), test.threads(), i + 1, repetitions);
      err.flush();
    }
    return test.with(nanos);
  }
}
