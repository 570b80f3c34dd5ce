package dev.jandaia.op;

import dev.jandaia.cache.CacheReader;
import dev.jandaia.kernel.Workers;
import java.util.Arrays;

/**
 * The choice of a lightning indexer (2512.02556): each row attends to the topK keys s with the
 * highest I_s = H^−½·Σ_h w_h·relu(D^−½·q_h·k_s), the earlier of equals. There is one key for every
 * {@code rate} tokens, 1 or more. A choice has no gradient.
 */
public final class SelectKeys {
  private static final int BLOCK = 64;

  /** Keys that a thread has room to rate from the start. */
  private static final int LEAST = 256;

  private SelectKeys() {}

  /**
   * Leaves the choice in the batch's {@link Batch#selection}.
   *
   * @param rate tokens per key
   * @param past where earlier index keys are kept
   * @param q {@code [M, H·D]}
   * @param k {@code [E, D]}, the keys that the rows complete
   * @param w {@code [M, H]}
   */
  public static void apply(
      Compute compute, Batch batch, int rate, Past past, int topK, Matrix q, Matrix k, Matrix w) {
    batch.compress(rate);
    compute.selectKeysForward.run(batch, past, topK, q, k, w);
  }

  /** The parallel loop: one item is one row. */
  static final class Forward implements Workers.Range {
    private final Compute compute;
    private Highest[] highest = {};
    private float[][] totals = {};
    private float[][] blocks = {};
    private CacheReader[] readers = {};
    private Batch batch;
    private Past past;
    private int topK;
    private Matrix q;
    private Matrix k;
    private Matrix w;

    Forward(Compute compute) {
      this.compute = compute;
    }

    void run(Batch b, Past p, int most, Matrix queries, Matrix keys, Matrix weights) {
      batch = b;
      past = p;
      topK = most;
      q = queries;
      k = keys;
      w = weights;
      if (highest.length == 0) {
        highest = new Highest[compute.workers().count()];
        Arrays.setAll(highest, i -> new Highest());
        totals = new float[highest.length][0];
        blocks = new float[highest.length][BLOCK];
        readers = new CacheReader[highest.length];
        Arrays.setAll(readers, i -> new CacheReader(compute.kernels()));
      }
      b.selection().start(b, most);
      int last = b.positions()[b.size() - 1];
      compute.forEach(b.size(), (long) (last + 1) * q.cols(), this);
    }

    @Override
    public void run(int from, int to, int worker) {
      int index = 0;
      for (int row = from; row < to; row++) {
        while (row >= batch.chunk(index).firstRow() + batch.chunk(index).rows()) {
          index++;
        }
        select(index, row, worker);
      }
    }

    private void select(int chunk, int row, int worker) {
      KeySelection selection = batch.selection();
      int visible = batch.entries().visible(batch.positions()[row]);
      if (visible <= topK) {
        selection.all(row, visible);
        return;
      }
      if (totals[worker].length < visible) {
        totals[worker] = new float[Math.max(LEAST, 2 * Integer.highestOneBit(visible))];
      }
      rate(chunk, row, visible, totals[worker], blocks[worker], readers[worker]);
      highest[worker].choose(
          totals[worker], visible, topK, selection.positions(), selection.first(row));
      selection.setCount(row, topK);
    }

    private void rate(
        int chunk, int row, int visible, float[] total, float[] block, CacheReader reader) {
      int heads = w.cols();
      float headScale = (float) (1 / Math.sqrt(heads));
      Arrays.fill(total, 0, visible, 0f);
      for (int head = 0; head < heads; head++) {
        float weight = w.data()[w.offset(row) + head] * headScale;
        int query = q.offset(row) + head * k.cols();
        addPast(batch.chunk(chunk), query, weight, total, block, reader);
        addPresent(chunk, query, weight, visible, total, block);
      }
    }

    private void addPast(
        Batch.Chunk chunk,
        int query,
        float weight,
        float[] total,
        float[] block,
        CacheReader reader) {
      int end = batch.entries().past(chunk);
      for (int from = 0; from < end; from += BLOCK) {
        int count = Math.min(BLOCK, end - from);
        past.of(chunk).scores(reader, 0, q.data(), query, 1, from, count, block, 0, 0);
        add(weight, block, count, total, from);
      }
    }

    private void addPresent(
        int chunk, int query, float weight, int visible, float[] total, float[] block) {
      int start = batch.entries().past(batch.chunk(chunk));
      for (int from = start; from < visible; from += BLOCK) {
        int count = Math.min(BLOCK, visible - from);
        int key = k.offset(batch.entries().firstRow(chunk) + from - start);
        compute
            .kernels()
            .dots(q.data(), query, 0, 1, k.data(), key, k.cols(), count, k.cols(), block, 0, 0);
        add(weight, block, count, total, from);
      }
    }

    private void add(float weight, float[] scores, int count, float[] total, int from) {
      float scale = (float) (1 / Math.sqrt(k.cols()));
      for (int j = 0; j < count; j++) {
        total[from + j] += weight * Math.max(0, scores[j] * scale);
      }
    }
  }
}
