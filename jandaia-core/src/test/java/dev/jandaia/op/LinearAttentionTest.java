package dev.jandaia.op;

import dev.jandaia.spec.Activation;
import dev.jandaia.spec.LightningAttention;
import dev.jandaia.spec.Norm;
import java.util.Collections;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link LinearAttention} against decayed scores over all pairs of tokens, in float64. */
class LinearAttentionTest {
  private static final int[][] LENGTHS = {{1}, {5, 1, 3}, {40, 7}};

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void weighsEarlierTokensByDecay(Setup setup) {
    setup.run(compute -> {
      for (int[] lengths : LENGTHS) {
        for (int dim : new int[] {1, 3, 16}) {
          check(compute, lengths, dim);
        }
      }
    });
  }

  private static void check(Compute compute, int[] lengths, int dim) {
    float[] decays = {1, 0.5f, 0.875f};
    Batch batch = Sequences.whole(mixer(decays.length, dim), lengths);
    GradientCheck check = new GradientCheck(compute, 1);
    Matrix q = check.matrix(batch.size(), decays.length * dim);
    Matrix k = check.matrix(batch.size(), decays.length * dim);
    Matrix v = check.matrix(batch.size(), decays.length * dim);
    check.check(
        () -> LinearAttention.apply(compute, batch, 0, q, k, v, decays),
        in -> twin(decays, dim, lengths, in));
  }

  private static LightningAttention mixer(int heads, int dim) {
    return new LightningAttention(
        heads, dim, Activation.SILU, Collections.nCopies(heads, 0.0), Norm.NONE);
  }

  /** o_t = Σ_s≤t λ^(t−s)·(q_t·k_s)·v_s. */
  private static double[] twin(float[] decays, int dim, int[] lengths, double[][] in) {
    double[] out = new double[in[0].length];
    int width = decays.length * dim;
    int firstRow = 0;
    for (int length : lengths) {
      for (int t = 0; t < length; t++) {
        for (int s = 0; s <= t; s++) {
          for (int head = 0; head < decays.length; head++) {
            int to = (firstRow + t) * width + head * dim;
            int from = (firstRow + s) * width + head * dim;
            double weight = Math.pow(decays[head], t - s);
            double score = 0;
            for (int i = 0; i < dim; i++) {
              score += in[0][to + i] * in[1][from + i];
            }
            for (int j = 0; j < dim; j++) {
              out[to + j] += weight * score * in[2][from + j];
            }
          }
        }
      }
      firstRow += length;
    }
    return out;
  }
}
