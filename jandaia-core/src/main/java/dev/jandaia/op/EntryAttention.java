package dev.jandaia.op;

import dev.jandaia.cache.KeyValueCache;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;

/**
 * Softmax attention to the last tokens, each by itself, and to chosen entries that stand for
 * several tokens (DeepSeek-V4): o_h = Σ_{s∈W∪S} softmax_s(finish(q_h·k_s))·k_s, W the window of the
 * query, S those of the batch's {@link Batch#entries} that it may see, or the {@link
 * Batch#selection} among them. There is one key for all heads, which is also the value; a sink adds
 * a logit without a value to each head's softmax.
 */
public final class EntryAttention {
  /** Keys per block of scores. */
  private static final int BLOCK = 64;

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
    Matrix out = compute.zeros(q.rows(), q.cols());
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

  /** The parallel loop: one item is one query head of one chunk. */
  static final class Forward implements Workers.Range {
    private final Compute compute;
    private OnlineSoftmax[] sums = {};
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
      if (sums.length == 0) {
        sums = new OnlineSoftmax[compute.workers().count()];
        for (int i = 0; i < sums.length; i++) {
          sums[i] = new OnlineSoftmax(BLOCK);
        }
      }
      Batch.Chunk first = b.chunk(0);
      long near = Math.min(s.window(), first.start() + (long) first.rows());
      long far = selected ? b.selection().most() : b.entries().visible(first.start());
      long work = first.rows() * (near + far) * s.keyDim();
      compute.forEach(b.chunkCount() * s.heads(), work, this);
    }

    @Override
    public void run(int from, int to, int worker) {
      for (int item = from; item < to; item++) {
        int chunk = item / shape.heads();
        for (int t = 0; t < batch.chunk(chunk).rows(); t++) {
          attend(chunk, t, item % shape.heads(), sums[worker]);
        }
      }
    }

    private void attend(int index, int t, int head, OnlineSoftmax sum) {
      Batch.Chunk chunk = batch.chunk(index);
      int row = chunk.firstRow() + t;
      int query = q.offset(row) + head * shape.keyDim();
      sum.begin(compute.kernels(), shape, out, out.offset(row) + head * shape.keyDim());
      sum.addSink(sinks.values()[head]);
      int position = chunk.start() + t;
      int first = shape.firstVisible(position);
      addPast(past.window(chunk), sum, query, first, chunk.start() - first);
      int from = Math.max(first, chunk.start());
      addPresent(k, sum, query, chunk.firstRow() + from - chunk.start(), position + 1 - from);
      if (chosen) {
        addChosen(index, row, sum, query);
      } else {
        int border = batch.entries().past(chunk);
        addEntries(index, sum, query, 0, border);
        addEntries(index, sum, query, border, batch.entries().visible(position) - border);
      }
      logSumExp.data()[row * shape.heads() + head] = sum.end();
    }

    /** The chosen entries, in runs that follow one another. */
    private void addChosen(int index, int row, OnlineSoftmax sum, int query) {
      KeySelection selection = batch.selection();
      int border = batch.entries().past(batch.chunk(index));
      int end = selection.first(row) + selection.count(row);
      for (int at = selection.first(row), run; at < end; at += run) {
        run = selection.run(at, end - at, border);
        addEntries(index, sum, query, selection.positions()[at], run);
      }
    }

    /** Entries that follow one another, all from before the chunk or all of its own. */
    private void addEntries(int index, OnlineSoftmax sum, int query, int first, int count) {
      Batch.Chunk chunk = batch.chunk(index);
      int border = batch.entries().past(chunk);
      if (first < border) {
        addPast(past.entries(chunk), sum, query, first, count);
      } else {
        int row = batch.entries().firstRow(index) + first - border;
        addPresent(entries, sum, query, row, count);
      }
    }

    private void addPast(KeyValueCache cache, OnlineSoftmax sum, int query, int from, int keys) {
      Kernels kernels = compute.kernels();
      for (int done = 0; done < keys; done += BLOCK) {
        int count = Math.min(BLOCK, keys - done);
        cache.scores(kernels, 0, q.data(), query, from + done, count, sum.block(), 0);
        sum.weigh(count);
        cache.addValues(kernels, 0, sum.block(), 0, from + done, count, out.data(), sum.target());
      }
    }

    private void addPresent(Matrix keys, OnlineSoftmax sum, int query, int firstRow, int rows) {
      Kernels kernels = compute.kernels();
      int dim = shape.keyDim();
      for (int done = 0; done < rows; done += BLOCK) {
        int count = Math.min(BLOCK, rows - done);
        int key = keys.offset(firstRow + done);
        kernels.dots(q.data(), query, keys.data(), key, dim, count, dim, sum.block(), 0);
        sum.weigh(count);
        kernels.weightedSum(
            sum.block(), 0, keys.data(), key, dim, count, dim, out.data(), sum.target());
      }
    }
  }
}
