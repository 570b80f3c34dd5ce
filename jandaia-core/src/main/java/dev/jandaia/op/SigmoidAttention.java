package dev.jandaia.op;

import dev.jandaia.cache.KeyValueCache;
import dev.jandaia.kernel.Kernels;

/**
 * Causal sigmoid attention (SWAT, 2502.18845) over what a cache remembers and the rows of the batch
 * itself: o_t = Σ_s σ(finish(q_t·k_s) + slope·(t − s))·v_s. Keys do not compete, so there is
 * nothing to normalise; the backward pass computes the scores again.
 */
public final class SigmoidAttention {
  /** Keys per block of scores. */
  private static final int BLOCK = 64;

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
    Matrix out = compute.zeros(q.rows(), shape.heads() * shape.valueDim());
    int items = batch.chunkCount() * shape.heads();
    long work = (long) q.rows() * q.rows() * shape.keyDim() / batch.chunkCount();
    compute.forEach(
        items,
        work,
        (from, to, worker) -> {
          float[] block = new float[BLOCK];
          for (int item = from; item < to; item++) {
            Batch.Chunk chunk = batch.chunk(item / shape.heads());
            KeyValueCache past = chunk.cache().layer(layer);
            int head = item % shape.heads();
            for (int t = 0; t < chunk.rows(); t++) {
              attend(
                  compute.kernels(),
                  shape,
                  slopes[head],
                  chunk,
                  past,
                  t,
                  head,
                  q,
                  k,
                  v,
                  out,
                  block);
            }
          }
        });
    if (compute.recording()) {
      SigmoidAttentionBackward backward =
          new SigmoidAttentionBackward(compute, shape, slopes, batch, q, k, v, out);
      compute.record(backward::run);
    }
    return out;
  }

  private static void attend(
      Kernels kernels,
      AttentionShape shape,
      float slope,
      Batch.Chunk chunk,
      KeyValueCache past,
      int t,
      int head,
      Matrix q,
      Matrix k,
      Matrix v,
      Matrix out,
      float[] block) {
    int row = chunk.firstRow() + t;
    int position = chunk.start() + t;
    int first = shape.firstVisible(position);
    int kvHead = shape.kvHead(head);
    int query = q.offset(row) + head * shape.keyDim();
    int target = out.offset(row) + head * shape.valueDim();
    for (int from = first; from < chunk.start(); from += BLOCK) {
      int count = Math.min(BLOCK, chunk.start() - from);
      past.scores(kernels, kvHead, q.data(), query, from, count, block, 0);
      weigh(shape, slope, position - from, block, count);
      past.addValues(kernels, kvHead, block, 0, from, count, out.data(), target);
    }
    for (int from = Math.max(first, chunk.start()); from <= position; from += BLOCK) {
      int count = Math.min(BLOCK, position + 1 - from);
      int keyRow = chunk.firstRow() + from - chunk.start();
      int key = k.offset(keyRow) + kvHead * shape.keyDim();
      int value = v.offset(keyRow) + kvHead * shape.valueDim();
      kernels.dots(q.data(), query, k.data(), key, k.cols(), count, shape.keyDim(), block, 0);
      weigh(shape, slope, position - from, block, count);
      kernels.weightedSum(
          block, 0, v.data(), value, v.cols(), count, shape.valueDim(), out.data(), target);
    }
  }

  /** Raw scores of keys at {@code distance}, {@code distance} − 1, … become weights, in place. */
  private static void weigh(
      AttentionShape shape, float slope, int distance, float[] scores, int count) {
    shape.finishScores(scores, count);
    for (int j = 0; j < count; j++) {
      scores[j] = PointFunction.sigmoid(scores[j] + slope * (distance - j));
    }
  }
}
