package dev.jandaia.spec;

/**
 * Manifold-constrained hyper-connections (mHC, 2512.24880) of n residual streams x_1 … x_n. Before
 * each half f of a layer, W·norm(x_1 ⊕ … ⊕ x_n) gives each token coefficients, scaled and shifted
 * by learned numbers s and b:
 *
 * <ul>
 *   <li>collapse: u = Σ_i (σ(s_0·z_i + b_i) + ε)·x_i is what the half reads;
 *   <li>spread: 2·σ(s_1·z_k + b_k) tells how much of f(u) stream k takes up;
 *   <li>mix: a matrix whose rows and columns nearly sum to 1 (softmax over rows, then Sinkhorn and
 *       Knopp's divisions) takes the streams over: x_k ← spread_k·f(u) + Σ_j mix_jk·x_j.
 * </ul>
 *
 * <p>All streams begin as the embedding, and one more collapse leads to the final norm.
 *
 * @param streams how many there are, n
 * @param norm of all streams of a token together, before W
 * @param iterations how often columns are divided by their sums, rows once less
 * @param epsilon ε, added to collapse and mix and to the sums that are divided by
 */
public record HyperConnections(int streams, Norm norm, int iterations, double epsilon) {
  public HyperConnections {
    Check.positive("residual.wiring.streams", streams);
    Check.positive("residual.wiring.iterations", iterations);
    Check.notNegative("residual.wiring.epsilon", epsilon);
  }

  /** Coefficients of one half of a layer: collapse n, spread n, mix n². */
  public int coefficients() {
    return streams * (2 + streams);
  }
}
