package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;
import java.util.Optional;

/**
 * The backward pass of {@link Attention} over sequences seen whole. With p_s = exp(score_s −
 * logSumExp) and D = do·o: dv_s += p_s·do, dScore_s = p_s·(do·v_s − D), dq += dScore·slope·k_s,
 * dk_s += dScore·slope·q, and for a sink dSink −= p_sink·D.
 */
final class AttentionBackward {
  private static final int BLOCK = 64;

  private final Compute compute;
  private final AttentionShape shape;
  private final Matrix q;
  private final Matrix k;
  private final Matrix v;
  private final Optional<VectorParameter> sinks;
  private final Matrix out;
  private final Matrix logSumExp;
  private final WholeSequences sequences;

  AttentionBackward(
      Compute compute,
      AttentionShape shape,
      Batch batch,
      Matrix q,
      Matrix k,
      Matrix v,
      Optional<VectorParameter> sinks,
      Matrix out,
      Matrix logSumExp) {
    this.compute = compute;
    this.shape = shape;
    this.q = q;
    this.k = k;
    this.v = v;
    this.sinks = sinks;
    this.out = out;
    this.logSumExp = logSumExp;
    this.sequences = WholeSequences.of(batch);
  }

  /**
   * One item is one key/value head of one sequence, so that no two threads add to the same
   * gradient.
   */
  void run() {
    int items = sequences.count() * shape.kvHeads();
    long work = (long) sequences.longest() * sequences.longest() * shape.keyDim();
    compute.forEach(
        items,
        work,
        (from, to, worker) -> {
          float[] scores = new float[BLOCK];
          float[] slopes = new float[BLOCK];
          for (int item = from; item < to; item++) {
            sequence(item / shape.kvHeads(), item % shape.kvHeads(), scores, slopes);
          }
        });
    sinks.filter(VectorParameter::trainable).ifPresent(this::addSinkGradient);
  }

  private void sequence(int sequence, int kvHead, float[] scores, float[] slopes) {
    int group = shape.heads() / shape.kvHeads();
    for (int head = kvHead * group; head < (kvHead + 1) * group; head++) {
      for (int t = 0; t < sequences.rowCount(sequence); t++) {
        query(sequences.firstRow(sequence), t, head, kvHead, scores, slopes);
      }
    }
  }

  private void query(int firstRow, int t, int head, int kvHead, float[] p, float[] dScores) {
    Kernels kernels = compute.kernels();
    int row = firstRow + t;
    int query = q.offset(row) + head * shape.keyDim();
    int result = out.offset(row) + head * shape.valueDim();
    float lse = logSumExp.data()[row * shape.heads() + head];
    float projection = kernels.dot(out.grad(), result, out.data(), result, shape.valueDim());
    for (int from = shape.firstVisible(t); from <= t; from += BLOCK) {
      int count = Math.min(BLOCK, t + 1 - from);
      int key = k.offset(firstRow + from) + kvHead * shape.keyDim();
      int value = v.offset(firstRow + from) + kvHead * shape.valueDim();
      kernels.dots(q.data(), query, 0, 1, k.data(), key, k.cols(), count, shape.keyDim(), p, 0, 0);
      kernels.dots(
          out.grad(),
          result,
          0,
          1,
          v.data(),
          value,
          v.cols(),
          count,
          shape.valueDim(),
          dScores,
          0,
          0);
      shape.finishScores(p, count);
      for (int j = 0; j < count; j++) {
        float slope = shape.scoreSlope(p[j]);
        dScores[j] = (dScores[j] - projection) * slope;
      }
      kernels.expSum(p, 0, count, lse);
      kernels.multiply(p, 0, dScores, 0, count);
      for (int j = 0; j < count; j++) {
        kernels.axpy(p[j], out.grad(), result, v.grad(), value + j * v.cols(), shape.valueDim());
        kernels.axpy(dScores[j], q.data(), query, k.grad(), key + j * k.cols(), shape.keyDim());
      }
      kernels.weightedSums(
          dScores, 0, 0, 1, k.data(), key, k.cols(), count, shape.keyDim(), q.grad(), query, 0);
    }
  }

  private void addSinkGradient(VectorParameter sink) {
    for (int row = 0; row < q.rows(); row++) {
      for (int head = 0; head < shape.heads(); head++) {
        int result = out.offset(row) + head * shape.valueDim();
        float projection =
            compute.kernels().dot(out.grad(), result, out.data(), result, shape.valueDim());
        float lse = logSumExp.data()[row * shape.heads() + head];
        sink.grad()[head] -= (float) Math.exp(sink.values()[head] - lse) * projection;
      }
    }
  }
}
