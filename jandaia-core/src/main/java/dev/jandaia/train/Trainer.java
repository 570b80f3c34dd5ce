package dev.jandaia.train;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.model.TrainableWeights;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.CrossEntropy;
import dev.jandaia.op.Matrix;
import dev.jandaia.spec.ModelSpec;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;

/**
 * Trains a model from nothing: forward, backward, clip, step. The same seed gives the same weights,
 * bit for bit, whatever the number of threads, also when a run is stopped and continued from a
 * {@link Snapshot}.
 */
public final class Trainer implements AutoCloseable {
  private final TrainingOptions options;
  private final ExampleSource source;
  private final Compute compute;
  private final Arena arena = Arena.ofShared();
  private final LanguageModel model;
  private final List<TrainableParameter> parameters;
  private final AdamW optimizer;
  private final LearningRate schedule;
  private final Batch batch = new Batch();
  private SplitMix64 random;

  /**
   * @param full the model; modules for further tokens are left out, the loss has no part for them
   */
  public Trainer(
      ModelSpec full,
      TrainingOptions options,
      ExampleSource source,
      Kernels kernels,
      Workers workers) {
    this.options = options;
    this.source = source;
    this.compute = new Compute(kernels, workers);
    ModelSpec spec = full.withoutPrediction();
    TrainableWeights weights =
        new TrainableWeights(new RandomStart(spec, options.seed()), kernels, arena);
    this.model = new LanguageModel(spec, weights);
    this.parameters = TrainableParameter.of(weights);
    this.optimizer = new AdamW(parameters, options.optimizer(), workers);
    this.schedule = options.schedule();
    this.random = new SplitMix64(options.seed());
  }

  /** The model in its present state; it changes with every step. */
  public LanguageModel model() {
    return model;
  }

  /** Where the model runs. */
  public Compute compute() {
    return compute;
  }

  /** Steps taken so far. */
  public int steps() {
    return optimizer.steps();
  }

  /** Whether all steps are taken. */
  public boolean finished() {
    return steps() >= options.steps();
  }

  /** Draws a batch and takes one step. */
  public StepReport step() {
    long start = System.nanoTime();
    int[] targets = drawBatch();
    double loss = backward(targets);
    double norm = optimizer.gradientNorm();
    double rate = schedule.at(steps());
    // The small number keeps PyTorch's clip_grad_norm_ and this one equal to the last digit.
    optimizer.step(rate, Math.min(1, options.clipNorm() / (norm + 1e-6)));
    return new StepReport(steps(), loss, norm, rate, batch.size(), System.nanoTime() - start);
  }

  private int[] drawBatch() {
    Example[] examples = new Example[options.batchSize()];
    Arrays.setAll(examples, _ -> source.next(random));
    batch.clear();
    for (Example example : examples) {
      batch.add(SequenceCache.none(model.spec()), example.ids(), 0, example.ids().length);
    }
    int[] targets = new int[batch.size()];
    Arrays.fill(targets, CrossEntropy.IGNORE);
    for (int i = 0; i < examples.length; i++) {
      int learnFrom = examples[i].learnFrom();
      int firstRow = batch.chunk(i).firstRow() + learnFrom - 1;
      int count = examples[i].ids().length - learnFrom;
      System.arraycopy(examples[i].ids(), learnFrom, targets, firstRow, count);
    }
    return targets;
  }

  private double backward(int[] targets) {
    int mark = compute.mark();
    compute.startRecording();
    Matrix hidden = model.hidden(compute, batch, LanguageModel.Observer.NONE);
    double loss = CrossEntropy.apply(compute, model.logits(compute, hidden), targets);
    compute.backward(mark);
    return loss;
  }

  /** Everything that the next step depends on. */
  public Snapshot snapshot() {
    return Snapshot.of(parameters, optimizer, random.state());
  }

  /**
   * Goes back, or on, to the state of a snapshot of the same model.
   *
   * @throws dev.jandaia.tensor.JandaiaException if it is one of another model
   */
  public void restore(Snapshot snapshot) {
    snapshot.restore(parameters, optimizer);
    random = new SplitMix64(snapshot.random());
  }

  /** A copy of the values of one parameter. */
  public float[] values(String path) {
    return parameters.stream()
        .filter(parameter -> parameter.path().equals(path))
        .findFirst()
        .orElseThrow()
        .copy();
  }

  /** Frees the weights. */
  @Override
  public void close() {
    arena.close();
  }
}
