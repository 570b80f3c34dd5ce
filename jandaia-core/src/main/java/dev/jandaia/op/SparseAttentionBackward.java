package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;

/**
 * The backward pass of {@link SparseAttention} over sequences seen whole: that of {@link Attention}
 * over the chosen keys. The choice itself has no gradient.
 */
final class SparseAttentionBackward {
  private final Compute compute;
  private final AttentionShape shape;
  private final WholeSequences sequences;
  private final KeySelection selection;
  private final Matrix q;
  private final Matrix k;
  private final Matrix v;
  private final Matrix out;
  private final Matrix logSumExp;

  SparseAttentionBackward(
      Compute compute,
      AttentionShape shape,
      Batch batch,
      Matrix q,
      Matrix k,
      Matrix v,
      Matrix out,
      Matrix logSumExp) {
    this.compute = compute;
    this.shape = shape;
    this.sequences = WholeSequences.of(batch);
    this.selection = batch.selection().copy();
    this.q = q;
    this.k = k;
    this.v = v;
    this.out = out;
    this.logSumExp = logSumExp;
  }

  /**
   * One item is one key/value head of one sequence, so that no two threads add to the same
   * gradient.
   */
  void run() {
    long keys = selection.most();
    compute.forEach(
        sequences.count() * shape.kvHeads(),
        sequences.longest() * keys * shape.keyDim(),
        (from, to, worker) -> {
          for (int item = from; item < to; item++) {
            sequence(item / shape.kvHeads(), item % shape.kvHeads());
          }
        });
  }

  private void sequence(int sequence, int kvHead) {
    int group = shape.heads() / shape.kvHeads();
    int firstRow = sequences.firstRow(sequence);
    float[] scores = new float[selection.most()];
    for (int head = kvHead * group; head < (kvHead + 1) * group; head++) {
      for (int t = 0; t < sequences.rowCount(sequence); t++) {
        query(firstRow, firstRow + t, head, kvHead, scores);
      }
    }
  }

  private void query(int firstRow, int row, int head, int kvHead, float[] scores) {
    Kernels kernels = compute.kernels();
    int keyDim = shape.keyDim();
    int valueDim = shape.valueDim();
    int query = q.offset(row) + head * keyDim;
    int result = out.offset(row) + head * valueDim;
    float lse = logSumExp.data()[row * shape.heads() + head];
    float projection = kernels.dot(out.grad(), result, out.data(), result, valueDim);
    int count = selection.count(row);
    for (int j = 0; j < count; j++) {
      int key = k.offset(keyRow(firstRow, row, j)) + kvHead * keyDim;
      scores[j] = kernels.dot(q.data(), query, k.data(), key, keyDim);
    }
    shape.finishScores(scores, count);
    for (int j = 0; j < count; j++) {
      int key = k.offset(keyRow(firstRow, row, j)) + kvHead * keyDim;
      int value = v.offset(keyRow(firstRow, row, j)) + kvHead * valueDim;
      float p = (float) Math.exp(scores[j] - lse);
      float change = kernels.dot(out.grad(), result, v.data(), value, valueDim) - projection;
      float dScore = p * change * shape.scoreSlope(scores[j]);
      kernels.axpy(p, out.grad(), result, v.grad(), value, valueDim);
      kernels.axpy(dScore, q.data(), query, k.grad(), key, keyDim);
      kernels.axpy(dScore, k.data(), key, q.grad(), query, keyDim);
    }
  }

  /** The row that holds the j-th key that {@code row} attends to. */
  private int keyRow(int firstRow, int row, int j) {
    return firstRow + selection.positions()[selection.first(row) + j];
  }
}
