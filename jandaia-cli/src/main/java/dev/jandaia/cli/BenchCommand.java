package dev.jandaia.cli;

import dev.jandaia.atlas.MachineProbe;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code jandaia bench}: tokens per second, as llama-bench reports them, alone or beside peers. */
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
      "  jandaia bench ORG/NAME -p 512 -n 128 -t 1,2,4 -r 5 -o json",
      "  jandaia bench model.gguf -p 0 -n 64 -d 0,8192 -s 1,16 --roofline",
      "  jandaia bench model.gguf -p 0 -n 32 -d 8192 --random-depth --cache-type q8_0",
      "  jandaia bench model.gguf -r 3 \\",
      "    --versus 'llama.cpp=llama-bench -m {model} -p {p} -n {n} -t {t} -r 1 -o json'",
      "",
      "The commands of all published tables: docs/performance.md."
    })
final class BenchCommand implements Runnable {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;

  @Parameters(paramLabel = "MODEL", description = ModelPaths.DESCRIPTION)
  private String model;

  @Mixin private BenchOptions options;

  @Option(
      names = "--roofline",
      description =
          "Also show the bytes read and the arithmetic done per second, beside a plain read of"
              + " memory and an f32 matrix product of this machine in the same run.")
  private boolean roofline;

  @Option(
      names = "--versus",
      paramLabel = "LABEL=COMMAND",
      description =
          "Run every test on another program too, in turns, -r rounds, and show the ratios. The"
              + " command prints what llama-bench -o json or llama-batched-bench print; {model} {p}"
              + " {n} {d} {s} {t} stand for the values of the test, {c} for all its positions."
              + " LABEL:deep= gives the command for tests with -d, LABEL:batch= for those with -s,"
              + " LABEL:pair= for -pg. May be repeated.")
  private List<String> versus = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "md, json or csv (md).")
  private BenchReport.Format format = BenchReport.Format.MD;

  private final List<BenchResult> results = new ArrayList<>();
  private final List<VersusResult> compared = new ArrayList<>();
  private final Map<Integer, RooflineReport.Bounds> bounds = new LinkedHashMap<>();
  private long loadNanos;
  private long firstNanos;
  private long peakBytes = -1;

  @Override
  public void run() {
    List<BenchTest> tests = options.tests();
    List<Peer> peers = Peer.parse(versus);
    if (!peers.isEmpty() && format == BenchReport.Format.CSV) {
      throw new UsageException("--versus: expected -o md or json, found csv");
    }
    Path path = main.locate(model);
    Optional<VersusRun> run =
        peers.isEmpty()
            ? Optional.empty()
            : Optional.of(new VersusRun(path, peers, options.repetitions(), this::progress));
    PrintWriter err = command.commandLine().getErr();
    StoredModel stored = null;
    Roofline cost = null;
    for (int threads : options.threads()) {
      long start = System.nanoTime();
      try (Engine engine = Engine.open(path, Kernels.fastest(), threads, err)) {
        tests.forEach(test -> engine.requireRoom(test.length()));
        BenchRun bench =
            new BenchRun(engine, options.batchSize(), options.cacheType(), options.randomDepth());
        noteStart(start, bench);
        stored = StoredModel.of(engine.loaded().spec(), engine.loaded().source());
        cost = Roofline.of(engine.loaded());
        if (run.isPresent()) {
          tests.forEach(test -> warmUp(bench, test));
          notePeak();
          compared.addAll(run.get().measure(engine, bench, threads, tests));
        } else {
          tests.forEach(test -> results.add(repeat(bench, test, threads)));
          notePeak();
          bound(threads, engine.workers());
        }
      }
    }
    List<String> labels = peers.stream().map(Peer::label).toList();
    BenchReport.About about = about();
    String report =
        run.isPresent()
            ? new VersusReport(stored.name() + "; " + about.line(), labels, compared, run.get())
                .format(format)
            : new BenchReport(about, stored, results, rooflineReport(cost)).format(format);
    command.commandLine().getOut().print(report);
  }

  /** The first token comes before anything is compiled or in a cache. */
  private void noteStart(long start, BenchRun bench) {
    if (loadNanos == 0) {
      loadNanos = System.nanoTime() - start;
      firstNanos = bench.nanos(new BenchTest(0, 1, 0, 1));
    }
  }

  /** Once, before the memory of the plain read is there. */
  private void notePeak() {
    if (peakBytes < 0) {
      peakBytes = PeakMemory.bytes().orElse(-1);
    }
  }

  private BenchResult repeat(BenchRun bench, BenchTest test, int threads) {
    String startedAt = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    warmUp(bench, test);
    List<Long> nanos = new ArrayList<>();
    for (int i = 1; i <= options.repetitions(); i++) {
      nanos.add(bench.nanos(test));
      progress(
          "%s, %d threads: %d of %d".formatted(test.label(), threads, i, options.repetitions()));
    }
    return new BenchResult(test, threads, startedAt, nanos, bench.cacheBytes());
  }

  private void warmUp(BenchRun bench, BenchTest test) {
    long left = options.warmUpNanos();
    do {
      left -= bench.nanos(test);
    } while (left > 0);
  }

  private void bound(int threads, Workers workers) {
    if (roofline) {
      progress("plain read and f32 matrix product, %d threads".formatted(threads));
      bounds.put(
          threads,
          new RooflineReport.Bounds(
              new PlainRead().bytesPerSecond(workers),
              MachineProbe.measure(Kernels.fastest(), workers).flopsPerSecond()));
    }
  }

  private Optional<RooflineReport> rooflineReport(Roofline cost) {
    return roofline ? Optional.of(new RooflineReport(cost, bounds)) : Optional.empty();
  }

  private BenchReport.About about() {
    return new BenchReport.About(
        String.join(" ", new Version().getVersion()),
        Cpu.name(),
        Kernels.describe(),
        options.cacheType(),
        options.randomDepth(),
        model,
        options.batchSize(),
        loadNanos,
        firstNanos,
        peakBytes);
  }

  private void progress(String text) {
    PrintWriter err = command.commandLine().getErr();
    err.println(text);
    err.flush();
  }
}
