package dev.jandaia.op;

import dev.jandaia.kernel.Workers;
import java.util.Optional;

/**
 * Causal softmax attention over what a cache remembers and the rows of the batch itself: o = Σ_s
 * softmax_s(finish(q·k_s))·v_s. Tiles of queries meet the keys block by block with a running
 * maximum and sum (2205.14135), so no matrix of scores is kept; the backward pass computes the
 * scores again. Long caches may be cut into spans whose results are merged by their log-sum-exp. A
 * sink adds one logit without a value to each head's softmax (gpt-oss, 2508.10925).
 */
public final class Attention {
  private Attention() {}

  /**
   * @param layer which cache of each sequence holds the past
   * @param q {@code [M, H·keyDim]}
   * @param k {@code [M, …]}, key heads first: head g of a row starts at g·keyDim
   * @param v {@code [M, …]}, value head g of a row starts at g·valueDim; may be k itself (absorbed
   *     latent attention)
   * @param sinks {@code [H]} logits
   * @return {@code [M, H·valueDim]}
   */
  public static Matrix apply(
      Compute compute,
      AttentionShape shape,
      Batch batch,
      int layer,
      Matrix q,
      Matrix k,
      Matrix v,
      Optional<VectorParameter> sinks) {
    Matrix out = compute.take(q.rows(), shape.heads() * shape.valueDim());
    Matrix logSumExp = compute.take(q.rows(), shape.heads());
    compute.attentionForward.run(shape, batch, layer, q, k, v, sinks, out, logSumExp);
    if (compute.recording()) {
      AttentionBackward backward =
          new AttentionBackward(compute, shape, batch, q, k, v, sinks, out, logSumExp);
      compute.record(backward::run);
    }
    return out;
  }

  /** The parallel loop over the items of a plan. */
  static final class Forward implements Workers.Range {
    private final Compute compute;
    private final AttentionPlan plan = new AttentionPlan();
    private float[] parts = {};
    private AttentionShape shape;
    private Batch batch;
    private int layer;
    private Matrix q;
    private Matrix k;
    private Matrix v;
    private Optional<VectorParameter> sinks = Optional.empty();
    private Matrix out;
    private Matrix logSumExp;

    Forward(Compute compute) {
      this.compute = compute;
    }

    void run(
        AttentionShape s,
        Batch b,
        int l,
        Matrix queries,
        Matrix keys,
        Matrix values,
        Optional<VectorParameter> sinkLogits,
        Matrix result,
        Matrix lse) {
      shape = s;
      batch = b;
      layer = l;
      q = queries;
      k = keys;
      v = values;
      sinks = sinkLogits;
      out = result;
      logSumExp = lse;
      // Spans are rounded each by itself: what is trained must not depend on how many there are.
      plan.divide(s, b, compute.recording() ? 1 : compute.workers().count());
      if (parts.length < plan.partElements()) {
        parts = new float[plan.partElements()];
      }
      compute.forEach(plan.count(), plan.itemWork(), this);
      if (plan.partElements() > 0) {
        merge();
      }
    }

    @Override
    public void run(int from, int to, int worker) {
      SoftmaxTile tile = compute.softmaxTile(worker);
      for (int item = from; item < to; item++) {
        plan.load(item, tile, shape, batch, q);
        if (sinks.isPresent() && plan.isFirstPart(item)) {
          tile.startAtSinks(sinks.get().values());
        } else {
          tile.start();
        }
        plan.attend(item, tile, shape, batch, layer, k, v, compute.batchKeys(worker));
        if (plan.isPart(item)) {
          tile.save(parts, plan.partOffset(item));
        } else {
          tile.finish(out, logSumExp, plan.firstBatchRow(item, batch));
        }
      }
    }

    /** Brings the parts of each tile together. */
    private void merge() {
      SoftmaxTile tile = compute.softmaxTile(0);
      for (int item = 0, end; item < plan.count(); item = end) {
        end = plan.endOfParts(item);
        if (plan.isPart(item)) {
          plan.load(item, tile, shape, batch, q);
          tile.start();
          for (int part = item; part < end; part++) {
            tile.add(parts, plan.partOffset(part));
          }
          tile.finish(out, logSumExp, plan.firstBatchRow(item, batch));
        }
      }
    }
  }
}
