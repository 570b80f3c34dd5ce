package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.spec.Activation;
import dev.jandaia.spec.LightningAttention;
import dev.jandaia.spec.Norm;
import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link LinearAttention} against decayed scores over all pairs of tokens, in float64. */
class LinearAttentionTest {
  private static final int[][] LENGTHS = {{1}, {5, 1, 3}, {40, 7}, {64, 65, 8, 63, 140}};

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

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void piecesGiveWhatTheWholeGives(Setup setup) {
    setup.run(compute -> {
      for (int dim : new int[] {5, 16, 48}) {
        pieces(compute, dim);
      }
    });
  }

  private static void pieces(Compute compute, int dim) {
    float[] decays = {0.97f, 1, 0.25f, 1e-20f};
    int rows = 200;
    GradientCheck numbers = new GradientCheck(compute, 2);
    Matrix q = numbers.matrix(rows, decays.length * dim);
    Matrix k = numbers.matrix(rows, decays.length * dim);
    Matrix v = numbers.matrix(rows, decays.length * dim);
    double[][] wide = {widen(q), widen(k), widen(v)};
    double[] expected = twin(decays, dim, new int[] {rows}, wide);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    for (int step : new int[] {1, 7, 8, 63, 64, 65, 100, rows}) {
      float[] actual = run(compute, decays, dim, step, q, k, v);
      for (int i = 0; i < actual.length; i++) {
        assertEquals(expected[i], actual[i], 1e-6 * largest, "pieces of " + step);
      }
    }
  }

  private static double[] widen(Matrix x) {
    double[] wide = new double[x.size()];
    Arrays.setAll(wide, i -> x.data()[i]);
    return wide;
  }

  /** One sequence, {@code step} rows at a time. */
  private static float[] run(Compute compute, float[] decays, int dim, int step, Matrix... inputs) {
    SequenceCache cache = SequenceCache.of(Sequences.oneLayer(mixer(decays.length, dim)));
    Batch batch = new Batch();
    float[] all = new float[inputs[0].size()];
    for (int from = 0; from < inputs[0].rows(); from += step) {
      int first = from;
      int count = Math.min(step, inputs[0].rows() - from);
      batch.clear();
      batch.add(cache, new int[count], 0, count);
      Matrix[] piece =
          Arrays.stream(inputs).map(x -> Sequences.rows(x, first, count)).toArray(Matrix[]::new);
      int mark = compute.mark();
      Matrix y = LinearAttention.apply(compute, batch, 0, piece[0], piece[1], piece[2], decays);
      System.arraycopy(y.data(), 0, all, from * y.cols(), y.size());
      compute.release(mark);
      cache.recurrent(0).advance(count);
      cache.advance(count);
    }
    return all;
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
