package dev.jandaia.train.arithmetic;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.load.LoadedModel;
import dev.jandaia.load.StoredTensors;
import dev.jandaia.op.Compute;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.spec.count.Parameters;
import dev.jandaia.train.Interruption;
import dev.jandaia.train.LossCurve;
import dev.jandaia.train.StepReport;
import dev.jandaia.train.Trainer;
import dev.jandaia.train.TrainingOptions;
import dev.jandaia.train.TrainingRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Trains the embedded model from nothing and judges it by the problems it has not seen. The
 * directory receives {@code arithmetic.gguf} (what is embedded), {@code config.json} and {@code
 * model.safetensors} (the same in f32), {@code curve.csv}, and the state to continue from if the
 * run is interrupted.
 */
public final class ArithmeticTraining {
  /** The name of the file that is embedded. */
  public static final String FILE_NAME = "arithmetic.gguf";

  /** Steps and seed of the embedded model. */
  public static final int STEPS = 2000;

  public static final long SEED = 1;

  private static final int STEPS_PER_LINE = 50;
  private static final int STEPS_PER_SNAPSHOT = 500;

  private final Path directory;
  private final TrainingOptions options;
  private final int threads;
  private final PrintWriter log;
  private long tokens;
  private long nanos;

  /**
   * What came out of a run.
   *
   * @param score on all held-out problems
   * @param steps taken
   * @param tokens seen by this process, prompts included
   * @param seconds spent in steps by this process
   */
  public record Outcome(Score score, int steps, long tokens, double seconds) {}

  /**
   * @param directory receives the results; if it holds an interrupted run, that one is continued
   * @param threads to compute with
   * @param log told how it goes
   */
  public ArithmeticTraining(Path directory, TrainingOptions options, int threads, PrintWriter log) {
    this.directory = directory;
    this.options = options;
    this.threads = threads;
    this.log = log;
  }

  /** The options that the embedded model is trained with. */
  public static TrainingOptions recipe(int steps, long seed) {
    return new TrainingOptions(steps, 64, 4e-3, Math.min(200, steps / 10), 0.01, 0.05, 1.0, seed);
  }

  /** Trains; empty if the process was asked to end before all steps were taken. */
  public Optional<Outcome> run() {
    ArithmeticTokens vocabulary = new ArithmeticTokens();
    ProblemSplit split = ProblemSplit.standard();
    Kernels kernels = Kernels.best();
    describe(split);
    try (Workers workers = Workers.of(threads);
        Trainer trainer =
            new Trainer(
                ArithmeticModel.spec(),
                options,
                new ArithmeticExamples(split.training(), vocabulary),
                kernels,
                workers)) {
      if (!train(trainer)) {
        say("stopped after step %d; the same command continues", trainer.steps());
        return Optional.empty();
      }
      StoredTensors.Values values = parameter -> trainer.values(parameter.path());
      ArithmeticModel.writeDirectory(directory, values);
      ArithmeticModel.writeGguf(directory.resolve(FILE_NAME), values);
      Score score = judge(directory.resolve(FILE_NAME), split, trainer.compute());
      report(score);
      return Optional.of(new Outcome(score, trainer.steps(), tokens, nanos / 1e9));
    }
  }

  /** The file as written is judged, quantised. */
  private static Score judge(Path file, ProblemSplit split, Compute compute) {
    try (LoadedModel loaded = LoadedModel.open(file, compute.kernels())) {
      return new ArithmeticChat(loaded.model(), compute).score(split.heldOut());
    }
  }

  private boolean train(Trainer trainer) {
    try (Interruption interruption = Interruption.watch();
        LossCurve curve = new LossCurve(directory.resolve("curve.csv"), STEPS_PER_LINE)) {
      return new TrainingRun(directory, STEPS_PER_SNAPSHOT)
          .run(
              trainer,
              interruption::requested,
              report -> {
                curve.onStep(report);
                onStep(report);
              });
    }
  }

  private void onStep(StepReport report) {
    tokens += report.tokens();
    nanos += report.nanos();
    if (report.step() % STEPS_PER_LINE == 0) {
      say(
          "step %5d  loss %.4f  gradient %.3f  %6.0f tokens/s",
          report.step(), report.loss(), report.gradientNorm(), report.tokensPerSecond());
    }
  }

  private void describe(ProblemSplit split) {
    long parameters =
        Parameters.of(ArithmeticModel.spec()).stream().mapToLong(ParameterSpec::elements).sum();
    say(
        "%d parameters, %d problems to learn from, %d held out, %d steps of %d, %d threads, %s",
        parameters,
        split.training().size(),
        split.heldOut().size(),
        options.steps(),
        options.batchSize(),
        threads,
        Kernels.describe());
  }

  private void report(Score score) {
    say(
        "held out: %d of %d exact (%.2f%%), %d with the right answer",
        score.exact(), score.problems(), 100 * score.exactRate(), score.correct());
    score
        .misses()
        .forEach(miss ->
            say("  %s: expected %s, found %s", miss.question(), miss.expected(), miss.found()));
    if (nanos > 0) {
      say("%d tokens in %.1f minutes, %.0f tokens/s", tokens, nanos / 60e9, tokens * 1e9 / nanos);
    }
  }

  private void say(String format, Object... values) {
    log.println(String.format(Locale.ROOT, format, values));
    log.flush();
  }
}
