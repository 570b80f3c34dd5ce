package dev.jandaia.op;

import dev.jandaia.cache.KeyValueCache;
import dev.jandaia.kernel.Workers;

/**
 * Softmax attention to the last tokens, each by itself, and to chosen entries that stand for
 * several tokens (DeepSeek-V4): o_h = Σ_{s∈W∪S} softmax_s(finish(q_h·k_s))·k_s, W the window of the
 * query, S those of the batch's {@link Batch#entries} that it may see, or the {@link
 * Batch#selection} among them. There is one key for all heads, which is also the value; a sink adds
 * a logit without a value to each head's softmax.
 */
public final class EntryAttention {
  private EntryAttention() {}

  /** Where the past of a sequence is kept. */
  public interface Caches {
    /** Single tokens. */
    KeyValueCache window(Batch.Chunk chunk);

    /** Entries. */
    KeyValueCache entries(Batch.Chunk chunk);
  }

  /**
   * @param shape has one key head, whose dimension is the value's, and the window
   * @param q {@code [M, H·D]}
   * @param k {@code [M, D]}, the tokens of the batch
   * @param entries {@code [E, D]}, the entries that they complete
   * @param chosen whether a selection has been made among all entries
   * @param sinks {@code [H]} logits
   * @return {@code [M, H·D]}
   */
  public static Matrix apply(
      Compute compute,
      AttentionShape shape,
      Batch batch,
      Caches past,
      Matrix q,
      Matrix k,
      Matrix entries,
      boolean chosen,
      VectorParameter sinks) {
    Matrix out = compute.take(q.rows(), q.cols());
    Matrix logSumExp = compute.take(q.rows(), shape.heads());
    compute.entryAttentionForward.run(
        shape, batch, past, q, k, entries, chosen, sinks, out, logSumExp);
    if (compute.recording()) {
      EntryAttentionBackward backward =
          new EntryAttentionBackward(
              compute, shape, batch, q, k, entries, chosen, sinks, out, logSumExp);
      compute.record(backward::run);
    }
    return out;
  }

  /** The parallel loop: one item is one row. */
  static final class Forward implements Workers.Range {
    private final Compute compute;
    private AttentionShape shape;
    private Batch batch;
    private Caches past;
    private Matrix q;
    private Matrix k;
    private Matrix entries;
    private boolean chosen;
    private VectorParameter sinks;
    private Matrix out;
    private Matrix logSumExp;

    Forward(Compute compute) {
      this.compute = compute;
    }

    void run(
        AttentionShape s,
        Batch b,
        Caches caches,
        Matrix queries,
        Matrix keys,
        Matrix compressed,
        boolean selected,
        VectorParameter sinkLogits,
        Matrix result,
        Matrix lse) {
      shape = s;
      batch = b;
      past = caches;
      q = queries;
      k = keys;
      entries = compressed;
      chosen = selected;
      sinks = sinkLogits;
      out = result;
      logSumExp = lse;
      int last = b.positions()[b.size() - 1];
      long near = Math.min(s.window(), last + 1L);
      long far = selected ? b.selection().most() : b.entries().visible(last);
      compute.forEach(b.size(), (near + far) * q.cols(), this);
    }

    @Override
    public void run(int from, int to, int worker) {
      int chunk = 0;
      for (int row = from; row < to; row++) {
        while (row >= batch.chunk(chunk).firstRow() + batch.chunk(chunk).rows()) {
          chunk++;
        }
        attend(chunk, row, worker);
      }
    }

    private void attend(int index, int row, int worker) {
      Batch.Chunk chunk = batch.chunk(index);
      int position = batch.positions()[row];
      SoftmaxTile tile = compute.softmaxTile(worker);
      tile.load(shape, 0, q, row, position, 1);
      tile.startAtSinks(sinks.values());
      int first = shape.firstVisible(position);
      if (first < chunk.start()) {
        tile.attend(past.window(chunk), first, chunk.start());
      }
      BatchKeys present = compute.batchKeys(worker);
      present.set(shape, chunk, k, k);
      tile.attend(present, Math.max(first, chunk.start()), position + 1);
      int border = batch.entries().past(chunk);
      present.set(shape, batch.entries().firstRow(index), border, entries, entries);
      if (chosen) {
        attendChosen(tile, chunk, row, border, present);
      } else {
        int visible = batch.entries().visible(position);
        if (border > 0) {
          tile.attendAll(past.entries(chunk), 0, border);
        }
        tile.attendAll(present, border, visible);
      }
      tile.finish(out, logSumExp, row);
    }

    private void attendChosen(
        SoftmaxTile tile, Batch.Chunk chunk, int row, int border, BatchKeys present) {
      KeySelection selection = batch.selection();
      int first = selection.first(row);
      int earlier = selection.before(row, border);
      int own = selection.count(row) - earlier;
      if (earlier > 0) {
        tile.attendChosen(past.entries(chunk), selection, first, earlier);
      }
      if (own > 0) {
        tile.attendChosen(present, selection, first + earlier, own);
      }
    }
  }
}
