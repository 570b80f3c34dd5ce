package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import java.util.Arrays;

/**
 * Where operations run: kernels, threads and memory, and whether a tape records. Every operation
 * takes one and serves inference and training alike; without a tape it just computes. One thread
 * uses a compute at a time.
 */
public final class Compute {
  /** Below this many elements a loop is not worth a hand-over to other threads. */
  private static final int PARALLEL_ELEMENTS = 16 * 1024;

  private final Kernels kernels;
  private final Workers workers;
  private final Workspace workspace = new Workspace();
  private final Tape tape = new Tape();
  private boolean recording;

  // The bodies of the parallel loops of each operation. They live here, not in the calls, so that
  // decoding allocates nothing.
  final Add.Forward addForward = new Add.Forward(this);
  final RmsNorm.Forward rmsNormForward = new RmsNorm.Forward(this);
  final LayerNorm.Forward layerNormForward = new LayerNorm.Forward();
  final Rope.Rotate ropeRotate = new Rope.Rotate(this);
  final Gated.Forward gatedForward = new Gated.Forward(this);
  final Attention.Forward attentionForward = new Attention.Forward(this);
  final HeadBands.Task headBandTask = new HeadBands.Task(this);
  final Pointwise.Forward pointwiseForward = new Pointwise.Forward();
  final CausalConvolution.Forward causalConvolutionForward = new CausalConvolution.Forward();
  final Decay.Forward decayForward = new Decay.Forward();
  final DeltaRule.Forward deltaRuleForward = new DeltaRule.Forward(this);
  final LinearAttention.Forward linearAttentionForward = new LinearAttention.Forward(this);
  final SelectKeys.Forward selectKeysForward = new SelectKeys.Forward(this);
  final SigmoidAttention.Forward sigmoidAttentionForward = new SigmoidAttention.Forward(this);
  final SparseAttention.Forward sparseAttentionForward = new SparseAttention.Forward(this);
  final CompressWindows.Forward compressWindowsForward = new CompressWindows.Forward(this);
  final EntryAttention.Forward entryAttentionForward = new EntryAttention.Forward(this);
  final HyperStreams.Spread hyperStreamsSpread = new HyperStreams.Spread(this);
  final Projections projections;
  private final ExpertPlan expertPlan = new ExpertPlan();
  private final SoftmaxTile[] softmaxTiles;
  private final SigmoidTile[] sigmoidTiles;
  private final BatchKeys[] batchKeys;

  public Compute(Kernels kernels, Workers workers) {
    this.kernels = kernels;
    this.workers = workers;
    projections = new Projections(this);
    softmaxTiles = new SoftmaxTile[workers.count()];
    sigmoidTiles = new SigmoidTile[workers.count()];
    batchKeys = new BatchKeys[workers.count()];
    Arrays.setAll(softmaxTiles, i -> new SoftmaxTile(kernels));
    Arrays.setAll(sigmoidTiles, i -> new SigmoidTile(kernels));
    Arrays.setAll(batchKeys, i -> new BatchKeys(kernels));
  }

  public Kernels kernels() {
    return kernels;
  }

  public Workers workers() {
    return workers;
  }

  /**
   * A matrix with undefined contents (and, while recording, a zero gradient), valid until the
   * memory taken since some earlier {@link #mark} is released.
   */
  public Matrix take(int rows, int cols) {
    Matrix matrix = workspace.take(rows, cols, recording);
    if (recording) {
      forEach(
          rows,
          cols,
          (from, to, worker) ->
              Arrays.fill(matrix.grad(), matrix.offset(from), matrix.offset(to), 0f));
    }
    return matrix;
  }

  /** Undefined rows of a gated unit, valid as long as a matrix would be. */
  GatedRows takeGatedRows() {
    return workspace.takeGated();
  }

  /** Undefined rows of an RMSNorm, valid as long as a matrix would be. */
  NormalisedRows takeNormalisedRows() {
    return workspace.takeNormalised();
  }

  /** As {@link #take}, filled with zeros. */
  public Matrix zeros(int rows, int cols) {
    Matrix matrix = take(rows, cols);
    Arrays.fill(matrix.data(), 0, matrix.size(), 0f);
    return matrix;
  }

  /** The height of the workspace, for {@link #release}. */
  public int mark() {
    return workspace.mark();
  }

  /**
   * Gives back what was taken since {@code mark}; while recording nothing is given back, the
   * backward pass still reads it.
   */
  public void release(int mark) {
    if (!recording) {
      workspace.release(mark);
    }
  }

  /** Starts to record; what was taken before stays untouched. */
  public void startRecording() {
    tape.clear();
    recording = true;
  }

  /** Whether operations must record their backward step. */
  public boolean recording() {
    return recording;
  }

  /**
   * Stops recording for steps through which no gradient flows; returns whether it was on, for
   * {@link #resumeRecording}.
   */
  public boolean pauseRecording() {
    boolean paused = recording;
    recording = false;
    return paused;
  }

  /** Records again if it did before {@link #pauseRecording}. */
  public void resumeRecording(boolean paused) {
    recording = paused;
  }

  /** Remembers how to propagate gradients through what was just computed. */
  public void record(Runnable backward) {
    tape.record(backward);
  }

  /**
   * Propagates gradients from the matrices whose {@link Matrix#grad} the caller has set back to all
   * parameters, stops recording and releases the workspace down to {@code mark}.
   */
  public void backward(int mark) {
    tape.replayBackwards();
    stopRecording(mark);
  }

  /** Stops recording without a backward pass. */
  public void stopRecording(int mark) {
    tape.clear();
    recording = false;
    workspace.release(mark);
  }

  /**
   * Runs a loop over {@code size} items of {@code itemElements} elements each, on several threads
   * if that is worth it.
   */
  void forEach(int size, long itemElements, Workers.Range body) {
    if (isWorthSharing(size * itemElements)) {
      workers.run(size, 1, body);
    } else {
      body.run(0, size, 0);
    }
  }

  /** Whether a loop over so many elements is worth a hand-over to other threads. */
  boolean isWorthSharing(long elements) {
    return elements >= PARALLEL_ELEMENTS;
  }

  /** The plan of the mixture-of-experts layer that is running. */
  public ExpertPlan expertPlan() {
    return expertPlan;
  }

  /** The working memory of softmax attention on one thread. */
  SoftmaxTile softmaxTile(int worker) {
    return softmaxTiles[worker];
  }

  /** The working memory of sigmoid attention on one thread. */
  SigmoidTile sigmoidTile(int worker) {
    return sigmoidTiles[worker];
  }

  /** How one thread reads the keys of a batch. */
  BatchKeys batchKeys(int worker) {
    return batchKeys[worker];
  }

  /** Bytes of activation memory held. */
  public long workspaceBytes() {
    return workspace.bytes();
  }
}
