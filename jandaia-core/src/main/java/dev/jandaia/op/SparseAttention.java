package dev.jandaia.op;

import dev.jandaia.kernel.Workers;

/**
 * {@link Attention} to chosen keys alone: o = Σ_{s∈S} softmax_{s∈S}(finish(q·k_s))·v_s, S the
 * batch's {@link Batch#selection}. Keys that follow one another are read in one go.
 */
public final class SparseAttention {
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
    Matrix out = compute.take(q.rows(), shape.heads() * shape.valueDim());
    Matrix logSumExp = compute.take(q.rows(), shape.heads());
    compute.sparseAttentionForward.run(shape, batch, layer, q, k, v, out, logSumExp);
    if (compute.recording()) {
      SparseAttentionBackward backward =
          new SparseAttentionBackward(compute, shape, batch, q, k, v, out, logSumExp);
      compute.record(backward::run);
    }
    return out;
  }

  /** The parallel loop: one item is one row and one key/value head. */
  static final class Forward implements Workers.Range {
    private final Compute compute;
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
      long keysSeen = b.selection().most();
      long work = keysSeen * s.keyDim() * s.heads() / s.kvHeads();
      compute.forEach(b.size() * s.kvHeads(), work, this);
    }

    @Override
    public void run(int from, int to, int worker) {
      int index = 0;
      for (int item = from; item < to; item++) {
        int row = item / shape.kvHeads();
        while (row >= batch.chunk(index).firstRow() + batch.chunk(index).rows()) {
          index++;
        }
        attend(batch.chunk(index), row, item % shape.kvHeads(), worker);
      }
    }

    private void attend(Batch.Chunk chunk, int row, int kvHead, int worker) {
      SoftmaxTile tile = compute.softmaxTile(worker);
      KeySelection selection = batch.selection();
      int first = selection.first(row);
      int count = selection.count(row);
      int earlier = selection.before(row, chunk.start());
      tile.load(shape, kvHead, q, row, batch.positions()[row], 1);
      tile.start();
      if (earlier > 0) {
        tile.attendChosen(chunk.cache().layer(layer), selection, first, earlier);
      }
      if (earlier < count) {
        BatchKeys present = compute.batchKeys(worker);
        present.set(shape, chunk, k, v);
        tile.attendChosen(present, selection, first + earlier, count - earlier);
      }
      tile.finish(out, logSumExp, row);
    }
  }
}
