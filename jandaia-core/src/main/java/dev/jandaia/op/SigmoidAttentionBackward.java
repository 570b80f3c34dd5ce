package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;

/**
 * The backward pass of {@link SigmoidAttention} over sequences seen whole. With w_s = σ(score_s +
 * slope·(t − s)): dv_s += w_s·do, dScore_s = w_s·(1 − w_s)·(do·v_s), dq += dScore·k_s, dk_s +=
 * dScore·q, each times the slope of the finished score.
 */
final class SigmoidAttentionBackward {
  private final Compute compute;
  private final AttentionShape shape;
  private final float[] slopes;
  private final Matrix q;
  private final Matrix k;
  private final Matrix v;
  private final Matrix out;
  private final WholeSequences sequences;

  SigmoidAttentionBackward(
      Compute compute,
      AttentionShape shape,
      float[] slopes,
      Batch batch,
      Matrix q,
      Matrix k,
      Matrix v,
      Matrix out) {
    this.compute = compute;
    this.shape = shape;
    this.slopes = slopes;
    this.q = q;
    this.k = k;
    this.v = v;
    this.out = out;
    this.sequences = WholeSequences.of(batch);
  }

  /**
   * One item is one key/value head of one sequence, so that no two threads add to the same
   * gradient.
   */
  void run() {
    int longest = sequences.longest();
    compute.forEach(
        sequences.count() * shape.kvHeads(),
        (long) longest * longest * shape.keyDim(),
        (from, to, worker) -> {
          float[] score = new float[1];
          for (int item = from; item < to; item++) {
            sequence(item / shape.kvHeads(), item % shape.kvHeads(), score);
          }
        });
  }

  private void sequence(int sequence, int kvHead, float[] score) {
    int group = shape.heads() / shape.kvHeads();
    for (int head = kvHead * group; head < (kvHead + 1) * group; head++) {
      for (int t = 0; t < sequences.rowCount(sequence); t++) {
        for (int s = shape.firstVisible(t); s <= t; s++) {
          pair(sequences.firstRow(sequence), t, s, head, kvHead, score);
        }
      }
    }
  }

  private void pair(int firstRow, int t, int s, int head, int kvHead, float[] score) {
    Kernels kernels = compute.kernels();
    int keyDim = shape.keyDim();
    int valueDim = shape.valueDim();
    int query = q.offset(firstRow + t) + head * keyDim;
    int key = k.offset(firstRow + s) + kvHead * keyDim;
    int value = v.offset(firstRow + s) + kvHead * valueDim;
    int result = out.offset(firstRow + t) + head * valueDim;
    score[0] = kernels.dot(q.data(), query, k.data(), key, keyDim);
    shape.finishScores(score, 1);
    float weight = PointFunction.sigmoid(score[0] + slopes[head] * (t - s));
    float dWeight = kernels.dot(out.grad(), result, v.data(), value, valueDim);
    float dScore = dWeight * weight * (1 - weight) * shape.scoreSlope(score[0]);
    kernels.axpy(weight, out.grad(), result, v.grad(), value, valueDim);
    kernels.axpy(dScore, k.data(), key, q.grad(), query, keyDim);
    kernels.axpy(dScore, q.data(), query, k.grad(), key, keyDim);
  }
}
