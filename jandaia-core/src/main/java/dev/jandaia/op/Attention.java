package dev.jandaia.op;

import dev.jandaia.cache.KeyValueCache;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import java.util.Optional;

/**
 * Causal softmax attention over what a cache remembers and the rows of the batch itself: o = Σ_s
 * softmax_s(finish(q·k_s))·v_s. Keys are visited in blocks with a running maximum and sum (online
 * softmax, 2205.14135), so no matrix of scores is kept; the backward pass computes the scores
 * again. A sink adds one logit without a value to each head's softmax (gpt-oss, 2508.10925).
 */
public final class Attention {
  /** Keys per block of scores. */
  private static final int BLOCK = 64;

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
    Matrix out = compute.zeros(q.rows(), shape.heads() * shape.valueDim());
    Matrix logSumExp = compute.take(q.rows(), shape.heads());
    compute.attentionForward.run(shape, batch, layer, q, k, v, sinks, out, logSumExp);
    if (compute.recording()) {
      AttentionBackward backward =
          new AttentionBackward(compute, shape, batch, q, k, v, sinks, out, logSumExp);
      compute.record(backward::run);
    }
    return out;
  }

  /** The parallel loop: one item is one query head of one chunk. */
  static final class Forward implements Workers.Range {
    private final Compute compute;
    private float[][] scores = {};
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
      if (scores.length == 0) {
        scores = new float[compute.workers().count()][BLOCK];
      }
      compute.forEach(b.chunkCount() * s.heads(), headWork(), this);
    }

    /** Rough cost of one item, to decide whether threads are worth it. */
    private long headWork() {
      Batch.Chunk first = batch.chunk(0);
      long bound = Math.min(shape.window(), shape.chunk());
      long keys = Math.min(bound, first.start() + (long) first.rows());
      return first.rows() * keys * shape.keyDim();
    }

    @Override
    public void run(int from, int to, int worker) {
      for (int item = from; item < to; item++) {
        Batch.Chunk chunk = batch.chunk(item / shape.heads());
        for (int t = 0; t < chunk.rows(); t++) {
          attend(chunk, t, item % shape.heads(), scores[worker]);
        }
      }
    }

    private void attend(Batch.Chunk chunk, int t, int head, float[] block) {
      Kernels kernels = compute.kernels();
      KeyValueCache past = chunk.cache().layer(layer);
      int row = chunk.firstRow() + t;
      int position = chunk.start() + t;
      int first = shape.firstVisible(position);
      int kvHead = shape.kvHead(head);
      int query = q.offset(row) + head * shape.keyDim();
      int target = out.offset(row) + head * shape.valueDim();
      float maximum = sinks.isPresent() ? sinks.get().values()[head] : Float.NEGATIVE_INFINITY;
      float sum = sinks.isPresent() ? 1 : 0;

      for (int from = first; from < chunk.start(); from += BLOCK) {
        int count = Math.min(BLOCK, chunk.start() - from);
        past.scores(kernels, kvHead, q.data(), query, from, count, block, 0);
        shape.finishScores(block, count);
        float newMaximum = Math.max(maximum, kernels.max(block, 0, count));
        sum = rescale(kernels, sum, maximum - newMaximum, target);
        maximum = newMaximum;
        sum += kernels.expSum(block, 0, count, maximum);
        past.addValues(kernels, kvHead, block, 0, from, count, out.data(), target);
      }
      for (int from = Math.max(first, chunk.start()); from <= position; from += BLOCK) {
        int count = Math.min(BLOCK, position + 1 - from);
        int keyRow = chunk.firstRow() + from - chunk.start();
        int key = k.offset(keyRow) + kvHead * shape.keyDim();
        int value = v.offset(keyRow) + kvHead * shape.valueDim();
        kernels.dots(q.data(), query, k.data(), key, k.cols(), count, shape.keyDim(), block, 0);
        shape.finishScores(block, count);
        float newMaximum = Math.max(maximum, kernels.max(block, 0, count));
        sum = rescale(kernels, sum, maximum - newMaximum, target);
        maximum = newMaximum;
        sum += kernels.expSum(block, 0, count, maximum);
        kernels.weightedSum(
            block, 0, v.data(), value, v.cols(), count, shape.valueDim(), out.data(), target);
      }
      kernels.scale(1 / sum, out.data(), target, shape.valueDim());
      logSumExp.data()[row * shape.heads() + head] = maximum + (float) Math.log(sum);
    }

    /** Brings what has been summed so far to a new maximum; returns the sum. */
    private float rescale(Kernels kernels, float sum, float change, int target) {
      if (change == 0 || sum == 0) {
        return sum;
      }
      float factor = (float) Math.exp(change);
      kernels.scale(factor, out.data(), target, shape.valueDim());
      return sum * factor;
    }
  }
}
