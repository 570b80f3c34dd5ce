package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;
import java.util.Optional;

/**
 * The backward pass of {@link EntryAttention} over sequences seen whole: that of {@link Attention}
 * over the window and the chosen entries, with keys that are values. The choice has no gradient.
 */
final class EntryAttentionBackward {
  private static final int BLOCK = 64;

  private final Compute compute;
  private final AttentionShape shape;
  private final WholeSequences sequences;
  private final Optional<KeySelection> selection;
  private final int[] firstEntries;
  private final int rate;
  private final Matrix q;
  private final Matrix k;
  private final Matrix entries;
  private final VectorParameter sinks;
  private final Matrix out;
  private final Matrix logSumExp;

  EntryAttentionBackward(
      Compute compute,
      AttentionShape shape,
      Batch batch,
      Matrix q,
      Matrix k,
      Matrix entries,
      boolean chosen,
      VectorParameter sinks,
      Matrix out,
      Matrix logSumExp) {
    this.compute = compute;
    this.shape = shape;
    this.sequences = WholeSequences.of(batch);
    this.selection = chosen ? Optional.of(batch.selection().copy()) : Optional.empty();
    this.rate = batch.entries().rate();
    this.firstEntries = new int[batch.chunkCount()];
    for (int i = 0; i < firstEntries.length; i++) {
      firstEntries[i] = batch.entries().firstRow(i);
    }
    this.q = q;
    this.k = k;
    this.entries = entries;
    this.sinks = sinks;
    this.out = out;
    this.logSumExp = logSumExp;
  }

  /** One item is one sequence, so that no two threads add to the same gradient. */
  void run() {
    long far = selection.map(KeySelection::most).orElse(sequences.longest() / rate);
    long keys = Math.min(shape.window(), sequences.longest()) + far;
    compute.forEach(
        sequences.count(),
        sequences.longest() * keys * shape.keyDim() * shape.heads(),
        (from, to, worker) -> {
          float[] scores = new float[BLOCK];
          float[] slopes = new float[BLOCK];
          for (int s = from; s < to; s++) {
            for (int t = 0; t < sequences.rowCount(s); t++) {
              for (int head = 0; head < shape.heads(); head++) {
                query(s, t, head, scores, slopes);
              }
            }
          }
        });
    if (sinks.trainable()) {
      addSinkGradient();
    }
  }

  private void query(int sequence, int t, int head, float[] p, float[] dScores) {
    int firstRow = sequences.firstRow(sequence);
    int row = firstRow + t;
    int query = q.offset(row) + head * shape.keyDim();
    float lse = logSumExp.data()[row * shape.heads() + head];
    float projection = projection(query);
    int from = shape.firstVisible(t);
    keys(k, firstRow + from, t + 1 - from, query, lse, projection, p, dScores);
    int firstEntry = firstEntries[sequence];
    if (selection.isEmpty()) {
      keys(entries, firstEntry, (t + 1) / rate, query, lse, projection, p, dScores);
      return;
    }
    KeySelection chosen = selection.get();
    int end = chosen.first(row) + chosen.count(row);
    for (int at = chosen.first(row), run; at < end; at += run) {
      run = chosen.run(at, end - at);
      int entry = firstEntry + chosen.positions()[at];
      keys(entries, entry, run, query, lse, projection, p, dScores);
    }
  }

  /** Queries and results of a head lie at the same place. */
  private float projection(int place) {
    return compute.kernels().dot(out.grad(), place, out.data(), place, shape.keyDim());
  }

  /** What {@code count} keys from a row on give to and take from one query. */
  private void keys(
      Matrix keys,
      int firstRow,
      int rows,
      int query,
      float lse,
      float projection,
      float[] p,
      float[] dScores) {
    Kernels kernels = compute.kernels();
    int dim = shape.keyDim();
    for (int done = 0; done < rows; done += BLOCK) {
      int count = Math.min(BLOCK, rows - done);
      int key = keys.offset(firstRow + done);
      kernels.dots(q.data(), query, 0, 1, keys.data(), key, dim, count, dim, p, 0, 0);
      kernels.dots(out.grad(), query, 0, 1, keys.data(), key, dim, count, dim, dScores, 0, 0);
      shape.finishScores(p, count);
      for (int j = 0; j < count; j++) {
        dScores[j] = (dScores[j] - projection) * shape.scoreSlope(p[j]);
      }
      kernels.expSum(p, 0, count, lse);
      kernels.multiply(p, 0, dScores, 0, count);
      for (int j = 0; j < count; j++) {
        kernels.axpy(p[j], out.grad(), query, keys.grad(), key + j * dim, dim);
        kernels.axpy(dScores[j], q.data(), query, keys.grad(), key + j * dim, dim);
      }
      kernels.weightedSum(dScores, 0, keys.data(), key, dim, count, dim, q.grad(), query);
    }
  }

  private void addSinkGradient() {
    for (int row = 0; row < q.rows(); row++) {
      for (int head = 0; head < shape.heads(); head++) {
        float lse = logSumExp.data()[row * shape.heads() + head];
        float p = (float) Math.exp(sinks.values()[head] - lse);
        sinks.grad()[head] -= p * projection(q.offset(row) + head * shape.keyDim());
      }
    }
  }
}
