package dev.jandaia.op;

import dev.jandaia.cache.RecurrentCache;
import dev.jandaia.kernel.Workers;
import java.util.Arrays;

/**
 * The gated delta rule (2412.06464; per channel 2510.26692), token by token: S ← diag(α)·S, S ← S +
 * k·(β·(v − Sᵀk))ᵀ, o = Sᵀq. The same recurrence serves prompts and single tokens, so that both
 * give the same numbers. The backward pass computes the states again.
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
    private float[][] corrections = {};
    private float[][] states = {};
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
      int workers = compute.workers().count();
      if (corrections.length == 0 || corrections[0].length < shape.valueDim()) {
        corrections = new float[workers][shape.valueDim()];
      }
      if (!remembers() && (states.length == 0 || states[0].length < shape.stateSize())) {
        states = new float[workers][shape.stateSize()];
      }
      long work = 3L * shape.stateSize() * rows.chunk(0).rows();
      compute.forEach(rows.chunkCount() * shape.valueHeads(), work, this);
    }

    private boolean remembers() {
      for (int i = 0; i < batch.chunkCount(); i++) {
        if (!batch.chunk(i).cache().recurrent(layer).remembers()) {
          return false;
        }
      }
      return true;
    }

    @Override
    public void run(int from, int to, int worker) {
      DeltaShape shape = step.shape();
      for (int item = from; item < to; item++) {
        Batch.Chunk chunk = batch.chunk(item / shape.valueHeads());
        int head = item % shape.valueHeads();
        RecurrentCache past = chunk.cache().recurrent(layer);
        if (past.remembers()) {
          scan(chunk, head, past.state(), head * shape.stateSize(), corrections[worker]);
        } else {
          Arrays.fill(states[worker], 0);
          scan(chunk, head, states[worker], 0, corrections[worker]);
        }
      }
    }

    private void scan(Batch.Chunk chunk, int head, float[] state, int offset, float[] correction) {
      for (int row = chunk.firstRow(); row < chunk.firstRow() + chunk.rows(); row++) {
        step.update(row, head, state, offset, correction);
        step.read(row, head, state, offset, out);
      }
    }
  }
}
