package dev.jandaia.op;

import dev.jandaia.cache.KeyValueCache;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;

/**
 * {@link Attention} to chosen keys alone: o = Σ_{s∈S} softmax_{s∈S}(finish(q·k_s))·v_s, S the
 * batch's {@link Batch#selection}. Keys that follow one another are read in one go.
 */
public final class SparseAttention {
  /** Keys per block of scores. */
  private static final int BLOCK = 64;

  private SparseAttention() {}

  /**
   * @param layer which cache of each sequence holds the past
   * @param q {@code [M, H·keyDim]}
   * @param k {@code [M, …]}, key heads first: head g of a row starts at g·keyDim
   * @param v {@code [M, …]}, value head g of a row starts at g·valueDim; may be k itself (absorbed
   *     latent attention)
   * @return {@code [M, H·valueDim]}
   */
  public static Matrix apply(
      Compute compute, AttentionShape shape, Batch batch, int layer, Matrix q, Matrix k, Matrix v) {
    Matrix out = compute.zeros(q.rows(), shape.heads() * shape.valueDim());
    Matrix logSumExp = compute.take(q.rows(), shape.heads());
    compute.sparseAttentionForward.run(shape, batch, layer, q, k, v, out, logSumExp);
    if (compute.recording()) {
      SparseAttentionBackward backward =
          new SparseAttentionBackward(compute, shape, batch, q, k, v, out, logSumExp);
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
        Matrix result,
        Matrix lse) {
      shape = s;
      batch = b;
      layer = l;
      q = queries;
      k = keys;
      v = values;
      out = result;
      logSumExp = lse;
      if (scores.length == 0) {
        scores = new float[compute.workers().count()][BLOCK];
      }
      long keysSeen = b.selection().most();
      compute.forEach(b.chunkCount() * s.heads(), b.chunk(0).rows() * keysSeen * s.keyDim(), this);
    }

    @Override
    public void run(int from, int to, int worker) {
      for (int item = from; item < to; item++) {
        Batch.Chunk chunk = batch.chunk(item / shape.heads());
        for (int t = 0; t < chunk.rows(); t++) {
          attend(chunk, chunk.firstRow() + t, item % shape.heads(), scores[worker]);
        }
      }
    }

    private void attend(Batch.Chunk chunk, int row, int head, float[] block) {
      Kernels kernels = compute.kernels();
      KeySelection selection = batch.selection();
      int target = out.offset(row) + head * shape.valueDim();
      int end = selection.first(row) + selection.count(row);
      float maximum = Float.NEGATIVE_INFINITY;
      float sum = 0;
      for (int at = selection.first(row); at < end; at += BLOCK) {
        int count = Math.min(BLOCK, end - at);
        score(chunk, row, head, at, count, block);
        shape.finishScores(block, count);
        float newMaximum = Math.max(maximum, kernels.max(block, 0, count));
        if (newMaximum > maximum && sum > 0) {
          float factor = (float) Math.exp(maximum - newMaximum);
          kernels.scale(factor, out.data(), target, shape.valueDim());
          sum *= factor;
        }
        maximum = newMaximum;
        sum += kernels.expSum(block, 0, count, maximum);
        addValues(chunk, head, at, count, block, target);
      }
      kernels.scale(1 / sum, out.data(), target, shape.valueDim());
      logSumExp.data()[row * shape.heads() + head] = maximum + (float) Math.log(sum);
    }

    /** block[j] = q · key of the j-th chosen position from {@code at} on. */
    private void score(Batch.Chunk chunk, int row, int head, int at, int count, float[] block) {
      Kernels kernels = compute.kernels();
      KeyValueCache past = chunk.cache().layer(layer);
      KeySelection selection = batch.selection();
      int dim = shape.keyDim();
      int kvHead = shape.kvHead(head);
      int query = q.offset(row) + head * dim;
      for (int done = 0, run; done < count; done += run) {
        run = selection.run(at + done, count - done, chunk.start());
        int position = selection.positions()[at + done];
        if (position < chunk.start()) {
          past.scores(kernels, kvHead, q.data(), query, position, run, block, done);
        } else {
          int key = k.offset(chunk.firstRow() + position - chunk.start()) + kvHead * dim;
          kernels.dots(q.data(), query, k.data(), key, k.cols(), run, dim, block, done);
        }
      }
    }

    /** out += Σ_j block[j] · value of the j-th chosen position from {@code at} on. */
    private void addValues(
        Batch.Chunk chunk, int head, int at, int count, float[] block, int target) {
      Kernels kernels = compute.kernels();
      KeyValueCache past = chunk.cache().layer(layer);
      KeySelection selection = batch.selection();
      int dim = shape.valueDim();
      int kvHead = shape.kvHead(head);
      for (int done = 0, run; done < count; done += run) {
        run = selection.run(at + done, count - done, chunk.start());
        int position = selection.positions()[at + done];
        if (position < chunk.start()) {
          past.addValues(kernels, kvHead, block, done, position, run, out.data(), target);
        } else {
          int value = v.offset(chunk.firstRow() + position - chunk.start()) + kvHead * dim;
          kernels.weightedSum(block, done, v.data(), value, v.cols(), run, dim, out.data(), target);
        }
      }
    }
  }
}
