package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;
import java.util.Arrays;

/**
 * Some tokens of {@link LinearAttention} at once (2401.04658): with S₀ the state before a chunk of
 * n tokens, counted from 1,
 *
 * <ul>
 *   <li>o_t = λᵗ·S₀ᵀq_t + Σ_s≤t λᵗ⁻ˢ·(q_t·k_s)·v_s
 *   <li>S = λⁿ·S₀ + Σ_s λⁿ⁻ˢ·k_s·v_sᵀ
 * </ul>
 *
 * <p>One thread's working memory, kept from chunk to chunk.
 */
final class LinearChunk {
  /** Tokens of a chunk at most. */
  static final int LENGTH = 64;

  /** Fewer tokens go one by one. */
  static final int LEAST = 8;

  private final Kernels kernels;
  private final int dim;

  /** λ to the powers LENGTH − 1 … 0. */
  private final float[] powers = new float[LENGTH];

  /** {@code [n, dim]}: λᵗ·q_t. */
  private final float[] queries;

  /** {@code [n, LENGTH]}: λᵗ⁻ˢ·(q_t·k_s), zero where s &gt; t. */
  private final float[] scores = new float[LENGTH * LENGTH];

  /** {@code [dim, LENGTH]}: λⁿ⁻ˢ·k_s, one column per token. */
  private final float[] keys;

  LinearChunk(Kernels kernels, int dim) {
    this.kernels = kernels;
    this.dim = dim;
    queries = new float[LENGTH * dim];
    keys = new float[dim * LENGTH];
  }

  /**
   * The n tokens whose heads begin at {@code at} and, row after row, behind it: their outputs are
   * added to {@code out}, of the same layout, and the state is that after them.
   */
  void run(
      Matrix q,
      Matrix k,
      Matrix v,
      int at,
      int n,
      float decay,
      float[] state,
      int offset,
      Matrix out) {
    int stride = q.cols();
    raise(decay);
    kernels.dots(q.data(), at, stride, n, k.data(), at, stride, n, dim, scores, 0, LENGTH);
    for (int t = 0; t < n; t++) {
      kernels.multiply(powers, LENGTH - 1 - t, scores, t * LENGTH, t + 1);
      Arrays.fill(scores, t * LENGTH + t + 1, t * LENGTH + n, 0);
      System.arraycopy(q.data(), at + t * stride, queries, t * dim, dim);
      kernels.scale(decay * powers[LENGTH - 1 - t], queries, t * dim, dim);
    }
    kernels.weightedSums(queries, 0, dim, n, state, offset, dim, dim, dim, out.data(), at, stride);
    kernels.weightedSums(
        scores, 0, LENGTH, n, v.data(), at, stride, n, dim, out.data(), at, stride);
    kernels.scale(decay * powers[LENGTH - n], state, offset, dim * dim);
    age(k, at, n);
    kernels.weightedSums(keys, 0, LENGTH, dim, v.data(), at, stride, n, dim, state, offset, dim);
  }

  private void raise(float decay) {
    powers[LENGTH - 1] = 1;
    for (int i = LENGTH - 2; i >= 0; i--) {
      powers[i] = powers[i + 1] * decay;
    }
  }

  private void age(Matrix k, int at, int n) {
    for (int s = 0; s < n; s++) {
      float kept = powers[LENGTH - n + s];
      for (int i = 0; i < dim; i++) {
        keys[i * LENGTH + s] = kept * k.data()[at + s * k.cols() + i];
      }
    }
  }
}
