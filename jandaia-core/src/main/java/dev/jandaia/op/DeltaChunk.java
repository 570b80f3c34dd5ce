package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;
import java.util.Arrays;

/**
 * Some tokens of {@link DeltaRule} at once (2406.06484, 2412.06464): matrix products within the
 * chunk, the state between chunks. With S₀ the state before the chunk, a_t the product of the
 * decays up to token t, and a_ts that of the decays behind token s up to t:
 *
 * <ul>
 *   <li>d_t = β_t·(v_t − S₀ᵀ(a_t∘k_t) − Σ_s&lt;t (k_t·(a_ts∘k_s))·d_s), token after token
 *   <li>o_t = S₀ᵀ(a_t∘q_t) + Σ_s≤t (q_t·(a_ts∘k_s))·d_s
 *   <li>S = diag(a_n)·S₀ + Σ_s (a_ns∘k_s)·d_sᵀ
 * </ul>
 *
 * <p>Decays are only ever multiplied, never divided by: no product of them exceeds 1. One thread's
 * working memory, kept from chunk to chunk.
 */
final class DeltaChunk {
  /** Tokens of a chunk at most. */
  static final int LENGTH = 64;

  /** Fewer tokens go one by one. */
  static final int LEAST = 8;

  private final Kernels kernels;
  private final DeltaShape shape;
  private final ChunkDecay decay;

  /** {@code [2n, keyDim]}: −β_t·k_t of all tokens, then q_t of all tokens. */
  private final float[] left;

  /** {@code [2n, LENGTH]}: what the rows of {@code left} make of the keys of the chunk. */
  private final float[] scores;

  /** {@code [keyDim, LENGTH]}: a_ns∘k_s, one column per token. */
  private final float[] late;

  /** {@code [2n, valueDim]}: d_t of all tokens, then o_t of all tokens. */
  private final float[] sums;

  DeltaChunk(Kernels kernels, DeltaShape shape) {
    this.kernels = kernels;
    this.shape = shape;
    this.decay =
        shape.decayDim() == 1
            ? new HeadChunkDecay(kernels, shape.keyDim())
            : new ChannelChunkDecay(kernels, shape.keyDim());
    left = new float[2 * LENGTH * shape.keyDim()];
    scores = new float[2 * LENGTH * LENGTH];
    late = new float[shape.keyDim() * LENGTH];
    sums = new float[2 * LENGTH * shape.valueDim()];
  }

  /** Tokens {@code row} … {@code row + n − 1}: their outputs, and the state after them. */
  void run(DeltaStep step, int row, int n, int head, float[] state, int offset, Matrix out) {
    int keyDim = shape.keyDim();
    int valueDim = shape.valueDim();
    load(step, row, n, head);
    decay.meet(step, row, n, head, left, scores, late);
    Arrays.fill(sums, 0, 2 * n * valueDim, 0);
    kernels.weightedSums(
        left, 0, keyDim, 2 * n, state, offset, valueDim, keyDim, valueDim, sums, 0, valueDim);
    correct(step, row, n, head);
    int outputs = n * valueDim;
    kernels.weightedSums(
        scores, n * LENGTH, LENGTH, n, sums, 0, valueDim, n, valueDim, sums, outputs, valueDim);
    for (int t = 0; t < n; t++) {
      System.arraycopy(
          sums, outputs + t * valueDim, out.data(), step.value(row + t, head), valueDim);
    }
    decay.age(state, offset, valueDim);
    kernels.weightedSums(
        late, 0, LENGTH, keyDim, sums, 0, valueDim, n, valueDim, state, offset, valueDim);
  }

  private void load(DeltaStep step, int row, int n, int head) {
    int keyDim = shape.keyDim();
    for (int t = 0; t < n; t++) {
      int at = step.key(row + t, head);
      System.arraycopy(step.k().data(), at, left, t * keyDim, keyDim);
      kernels.scale(-step.strength(row + t, head), left, t * keyDim, keyDim);
      System.arraycopy(step.q().data(), at, left, (n + t) * keyDim, keyDim);
    }
  }

  /** Forward substitution: each d_t needs those before it. */
  private void correct(DeltaStep step, int row, int n, int head) {
    int valueDim = shape.valueDim();
    for (int t = 0; t < n; t++) {
      int to = t * valueDim;
      kernels.weightedSum(scores, t * LENGTH, sums, 0, valueDim, t, valueDim, sums, to);
      float beta = step.strength(row + t, head);
      kernels.axpy(beta, step.v().data(), step.value(row + t, head), sums, to, valueDim);
    }
  }
}
