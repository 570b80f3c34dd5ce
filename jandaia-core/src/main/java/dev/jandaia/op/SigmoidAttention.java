package dev.jandaia.op;

import dev.jandaia.kernel.Workers;

/**
 * Causal sigmoid attention (SWAT, 2502.18845) over what a cache remembers and the rows of the batch
 * itself: o_t = Σ_s σ(finish(q_t·k_s) + slope·(t − s))·v_s. Keys do not compete, so there is
 * nothing to normalise; the backward pass computes the scores again.
 */
public final class SigmoidAttention {
  private SigmoidAttention() {}

  /**
   * @param slopes {@code [H]}
   * @param layer which cache of each sequence holds the past
   * @param q {@code [M, H·keyDim]}
   * @param k {@code [M, G·keyDim]}
   * @param v {@code [M, G·valueDim]}
   * @return {@code [M, H·valueDim]}
   */
  public static Matrix apply(
      Compute compute,
      AttentionShape shape,
      float[] slopes,
      Batch batch,
      int layer,
      Matrix q,
      Matrix k,
      Matrix v) {
    Matrix out = compute.take(q.rows(), shape.heads() * shape.valueDim());
    compute.sigmoidAttentionForward.run(shape, slopes, batch, layer, q, k, v, out);
    if (compute.recording()) {
      SigmoidAttentionBackward backward =
          new SigmoidAttentionBackward(compute, shape, slopes, batch, q, k, v, out);
      compute.record(backward::run);
    }
    return out;
  }

  /** The parallel loop over the items of a plan: tiles, each with all of its keys. */
  static final class Forward implements Workers.Range {
    private final Compute compute;
    private final AttentionPlan plan = new AttentionPlan();
    private AttentionShape shape;
    private float[] slopes = {};
    private Batch batch;
    private int layer;
    private Matrix q;
    private Matrix k;
    private Matrix v;
    private Matrix out;

    Forward(Compute compute) {
      this.compute = compute;
    }

    void run(
        AttentionShape s,
        float[] headSlopes,
        Batch b,
        int l,
        Matrix queries,
        Matrix keys,
        Matrix values,
        Matrix result) {
      shape = s;
      slopes = headSlopes;
      batch = b;
      layer = l;
      q = queries;
      k = keys;
      v = values;
      out = result;
      plan.divide(s, b, 1);
      compute.forEach(plan.count(), plan.itemWork(), this);
    }

    @Override
    public void run(int from, int to, int worker) {
      SigmoidTile tile = compute.sigmoidTile(worker);
      for (int item = from; item < to; item++) {
        plan.load(item, tile, shape, batch, q);
        tile.start(slopes);
        plan.attend(item, tile, shape, batch, layer, k, v, compute.batchKeys(worker));
        tile.write(out, plan.firstBatchRow(item, batch));
      }
    }
  }
}
