package dev.jandaia.op;

import dev.jandaia.cache.RecurrentCache;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import java.util.Arrays;

/**
 * The gated delta rule (2412.06464; per channel 2510.26692): S ← diag(α)·S, S ← S + k·(β·(v −
 * Sᵀk))ᵀ, o = Sᵀq. Single tokens go as that says ({@link DeltaStep}), longer runs in chunks ({@link
 * DeltaChunk}). The backward pass computes the states again.
 */
public final class DeltaRule {
  private DeltaRule() {}

  /**
   * @param layer which cache of each sequence holds the state; it is updated in place
   * @param q {@code [M, keyHeads·keyDim]}, scaled as the output shall be
   * @param k {@code [M, keyHeads·keyDim]}, commonly of unit length
   * @param v {@code [M, valueHeads·valueDim]}
   * @param decay α, {@code [M, valueHeads·decayDim]}
   * @param beta β, {@code [M, valueHeads]}
   * @return {@code [M, valueHeads·valueDim]}
   */
  public static Matrix apply(
      Compute compute,
      DeltaShape shape,
      Batch batch,
      int layer,
      Matrix q,
      Matrix k,
      Matrix v,
      Matrix decay,
      Matrix beta) {
    Matrix out = compute.zeros(v.rows(), v.cols());
    compute.deltaRuleForward.step.set(compute.kernels(), shape, q, k, v, decay, beta);
    compute.deltaRuleForward.run(batch, layer, out);
    if (compute.recording()) {
      DeltaStep step = new DeltaStep();
      step.set(compute.kernels(), shape, q, k, v, decay, beta);
      DeltaRuleBackward backward =
          new DeltaRuleBackward(compute, step, WholeSequences.of(batch), out);
      compute.record(backward::run);
    }
    return out;
  }

  /** The parallel loop: one item is one value head of one chunk. */
  static final class Forward implements Workers.Range {
    final DeltaStep step = new DeltaStep();
    private final Compute compute;
    private Scratch[] scratch = {};
    private Batch batch;
    private int layer;
    private Matrix out;

    Forward(Compute compute) {
      this.compute = compute;
    }

    void run(Batch rows, int layerIndex, Matrix output) {
      batch = rows;
      layer = layerIndex;
      out = output;
      DeltaShape shape = step.shape();
      if (scratch.length == 0 || !scratch[0].shape.equals(shape)) {
        scratch = new Scratch[compute.workers().count()];
        Arrays.setAll(scratch, i -> new Scratch(compute.kernels(), shape));
      }
      long work = 3L * shape.stateSize() * rows.chunk(0).rows();
      compute.forEach(rows.chunkCount() * shape.valueHeads(), work, this);
    }

    @Override
    public void run(int from, int to, int worker) {
      DeltaShape shape = step.shape();
      for (int item = from; item < to; item++) {
        Batch.Chunk chunk = batch.chunk(item / shape.valueHeads());
        int head = item % shape.valueHeads();
        RecurrentCache past = chunk.cache().recurrent(layer);
        if (past.remembers()) {
          scan(chunk, head, past.state(), head * shape.stateSize(), scratch[worker]);
        } else {
          scan(chunk, head, scratch[worker].emptyState(), 0, scratch[worker]);
        }
      }
    }

    private void scan(Batch.Chunk rows, int head, float[] state, int offset, Scratch scratch) {
      int end = rows.firstRow() + rows.rows();
      for (int row = rows.firstRow(), count; row < end; row += count) {
        count = Math.min(DeltaChunk.LENGTH, end - row);
        if (count >= DeltaChunk.LEAST) {
          scratch.chunk.run(step, row, count, head, state, offset, out);
        } else {
          tokens(row, count, head, state, offset, scratch.correction);
        }
      }
    }

    private void tokens(
        int firstRow, int count, int head, float[] state, int offset, float[] correction) {
      for (int row = firstRow; row < firstRow + count; row++) {
        step.update(row, head, state, offset, correction);
        step.read(row, head, state, offset, out);
      }
    }
  }

  /** Memory of one thread. */
  private static final class Scratch {
    private final DeltaShape shape;
    private final DeltaChunk chunk;
    private final float[] correction;
    private float[] state = {};

    Scratch(Kernels kernels, DeltaShape shape) {
      this.shape = shape;
      chunk = new DeltaChunk(kernels, shape);
      correction = new float[shape.valueDim()];
    }

    /** For sequences that remember nothing. */
    float[] emptyState() {
      if (state.length == 0) {
        state = new float[shape.stateSize()];
      }
      Arrays.fill(state, 0);
      return state;
    }
  }
}
