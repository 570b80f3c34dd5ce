package dev.jandaia.op;

import dev.jandaia.cache.RecurrentCache;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import java.util.Arrays;

/**
 * Linear attention with a fixed decay per head (lightning attention, 2501.08313): S ← λ_h·S + k·vᵀ,
 * o = Sᵀq. Single tokens go as that says, longer runs in chunks ({@link LinearChunk}). The backward
 * pass computes the states again.
 */
public final class LinearAttention {
  private LinearAttention() {}

  /**
   * @param layer which cache of each sequence holds the state; it is updated in place
   * @param q {@code [M, H·D]}
   * @param k {@code [M, H·D]}
   * @param v {@code [M, H·D]}
   * @param decays λ, {@code [H]}
   * @return {@code [M, H·D]}
   */
  public static Matrix apply(
      Compute compute, Batch batch, int layer, Matrix q, Matrix k, Matrix v, float[] decays) {
    Matrix out = compute.zeros(v.rows(), v.cols());
    compute.linearAttentionForward.run(batch, layer, q, k, v, decays, out);
    if (compute.recording()) {
      WholeSequences sequences = WholeSequences.of(batch);
      compute.record(() -> backward(compute, sequences, q, k, v, decays, out));
    }
    return out;
  }

  /** S ← λ·S + k·vᵀ. */
  private static void update(
      Kernels kernels, float decay, Matrix k, Matrix v, int at, int dim, float[] s, int offset) {
    kernels.scale(decay, s, offset, dim * dim);
    for (int i = 0; i < dim; i++) {
      kernels.axpy(k.data()[at + i], v.data(), at, s, offset + i * dim, dim);
    }
  }

  private static void backward(
      Compute compute,
      WholeSequences sequences,
      Matrix q,
      Matrix k,
      Matrix v,
      float[] decays,
      Matrix out) {
    int heads = decays.length;
    int dim = v.cols() / heads;
    compute.forEach(
        sequences.count() * heads,
        8L * dim * dim * sequences.longest(),
        (from, to, worker) -> {
          float[] state = new float[dim * dim];
          for (int item = from; item < to; item++) {
            int first = sequences.firstRow(item / heads);
            int rows = sequences.rowCount(item / heads);
            int column = item % heads * dim;
            float decay = decays[item % heads];
            queryGradient(compute.kernels(), first, rows, column, dim, decay, q, k, v, out, state);
            stateGradient(compute.kernels(), first, rows, column, dim, decay, q, k, v, out, state);
          }
        });
  }

  /** Forwards through the states: dq += S·do. */
  private static void queryGradient(
      Kernels kernels,
      int first,
      int rows,
      int column,
      int dim,
      float decay,
      Matrix q,
      Matrix k,
      Matrix v,
      Matrix out,
      float[] state) {
    Arrays.fill(state, 0);
    for (int row = first; row < first + rows; row++) {
      int at = q.offset(row) + column;
      update(kernels, decay, k, v, at, dim, state, 0);
      for (int i = 0; i < dim; i++) {
        q.grad()[at + i] += kernels.dot(state, i * dim, out.grad(), at, dim);
      }
    }
  }

  /** Backwards: dS += q·doᵀ, dk += dS·v, dv += dSᵀk, dS ← λ·dS. */
  private static void stateGradient(
      Kernels kernels,
      int first,
      int rows,
      int column,
      int dim,
      float decay,
      Matrix q,
      Matrix k,
      Matrix v,
      Matrix out,
      float[] dState) {
    Arrays.fill(dState, 0);
    for (int row = first + rows - 1; row >= first; row--) {
      int at = q.offset(row) + column;
      for (int i = 0; i < dim; i++) {
        kernels.axpy(q.data()[at + i], out.grad(), at, dState, i * dim, dim);
        k.grad()[at + i] += kernels.dot(dState, i * dim, v.data(), at, dim);
      }
      kernels.weightedSum(k.data(), at, dState, 0, dim, dim, dim, v.grad(), at);
      kernels.scale(decay, dState, 0, dim * dim);
    }
  }

  /** The parallel loop: one item is one head of one chunk. */
  static final class Forward implements Workers.Range {
    private final Compute compute;
    private float[][] states = {};
    private LinearChunk[] chunkScratch = {};
    private Batch batch;
    private int layer;
    private Matrix q;
    private Matrix k;
    private Matrix v;
    private float[] decays;
    private Matrix out;

    Forward(Compute compute) {
      this.compute = compute;
    }

    void run(
        Batch rows,
        int layerIndex,
        Matrix queries,
        Matrix keys,
        Matrix values,
        float[] headDecays,
        Matrix output) {
      batch = rows;
      layer = layerIndex;
      q = queries;
      k = keys;
      v = values;
      decays = headDecays;
      out = output;
      int dim = v.cols() / decays.length;
      if (states.length == 0 || states[0].length != dim * dim) {
        states = new float[compute.workers().count()][dim * dim];
        chunkScratch = new LinearChunk[compute.workers().count()];
        Arrays.setAll(chunkScratch, i -> new LinearChunk(compute.kernels(), dim));
      }
      compute.forEach(
          rows.chunkCount() * decays.length, 3L * dim * dim * rows.chunk(0).rows(), this);
    }

    @Override
    public void run(int from, int to, int worker) {
      int dim = v.cols() / decays.length;
      for (int item = from; item < to; item++) {
        Batch.Chunk chunk = batch.chunk(item / decays.length);
        int head = item % decays.length;
        RecurrentCache past = chunk.cache().recurrent(layer);
        if (past.remembers()) {
          scan(chunk, head, dim, past.state(), head * dim * dim, chunkScratch[worker]);
        } else {
          Arrays.fill(states[worker], 0);
          scan(chunk, head, dim, states[worker], 0, chunkScratch[worker]);
        }
      }
    }

    private void scan(
        Batch.Chunk rows, int head, int dim, float[] state, int offset, LinearChunk scratch) {
      int end = rows.firstRow() + rows.rows();
      for (int row = rows.firstRow(), count; row < end; row += count) {
        count = Math.min(LinearChunk.LENGTH, end - row);
        if (count >= LinearChunk.LEAST) {
          int at = q.offset(row) + head * dim;
          scratch.run(q, k, v, at, count, decays[head], state, offset, out);
        } else {
          tokens(row, count, head, dim, state, offset);
        }
      }
    }

    private void tokens(int firstRow, int count, int head, int dim, float[] state, int offset) {
      Kernels kernels = compute.kernels();
      for (int row = firstRow; row < firstRow + count; row++) {
        int at = q.offset(row) + head * dim;
        update(kernels, decays[head], k, v, at, dim, state, offset);
        kernels.weightedSum(q.data(), at, state, offset, dim, dim, dim, out.data(), at);
      }
    }
  }
}
