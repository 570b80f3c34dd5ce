package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.spec.Activation;
import dev.jandaia.spec.KimiDeltaAttention;
import dev.jandaia.spec.Norm;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CausalConvolutionTest {
  /** Channels, taps. */
  private static final int[][] SIZES = {{1, 1}, {3, 4}, {5, 2}, {300, 4}};

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void sumsTheLastInputsOfEachChannel(Setup setup) {
    setup.run(compute -> {
      for (int[] size : SIZES) {
        for (int[] lengths : new int[][] {{1}, {2, 9, 1}, {30}}) {
          check(compute, size[0], size[1], lengths);
        }
      }
    });
  }

  private static void check(Compute compute, int channels, int taps, int[] lengths) {
    Batch batch = Sequences.whole(mixer(channels, taps), lengths);
    GradientCheck check = new GradientCheck(compute, 1);
    Matrix x = check.matrix(batch.size(), channels);
    VectorParameter weight = check.vector(channels * taps);
    check.check(
        () -> CausalConvolution.apply(compute, batch, 0, 0, x, weight),
        in -> twin(channels, taps, lengths, in[0], in[1]));
  }

  private static double[] twin(int channels, int taps, int[] lengths, double[] x, double[] weight) {
    double[] y = new double[x.length];
    int firstRow = 0;
    for (int length : lengths) {
      for (int t = 0; t < length; t++) {
        for (int back = 0; back < taps && back <= t; back++) {
          for (int c = 0; c < channels; c++) {
            y[(firstRow + t) * channels + c] +=
                weight[c * taps + taps - 1 - back] * x[(firstRow + t - back) * channels + c];
          }
        }
      }
      firstRow += length;
    }
    return y;
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void piecesGiveWhatTheWholeGives(Setup setup) {
    setup.run(compute -> {
      int channels = 300;
      int rows = 11;
      GradientCheck numbers = new GradientCheck(compute, 2);
      Matrix x = numbers.matrix(rows, channels);
      VectorParameter weight = numbers.vector(channels * 4);
      float[] whole = run(compute, x, weight, rows);
      for (int step : new int[] {1, 2, 3, 5}) {
        assertArrayEquals(whole, run(compute, x, weight, step), 1e-6f);
      }
    });
  }

  /** The second of two convolutions of a sequence, {@code step} rows at a time. */
  private static float[] run(Compute compute, Matrix x, VectorParameter weight, int step) {
    SequenceCache cache = SequenceCache.of(Sequences.oneLayer(mixer(x.cols(), 4)));
    Batch batch = new Batch();
    float[] all = new float[x.size()];
    for (int from = 0; from < x.rows(); from += step) {
      int count = Math.min(step, x.rows() - from);
      Matrix piece = Matrix.of(count, x.cols());
      System.arraycopy(x.data(), x.offset(from), piece.data(), 0, piece.size());
      batch.clear();
      batch.add(cache, new int[count], 0, count);
      Matrix y = CausalConvolution.apply(compute, batch, 0, 3 * x.cols(), piece, weight);
      System.arraycopy(y.data(), 0, all, x.offset(from), y.size());
      cache.recurrent(0).advance(count);
      cache.advance(count);
    }
    return all;
  }

  private static KimiDeltaAttention mixer(int channels, int taps) {
    return new KimiDeltaAttention(1, channels, taps, Activation.SILU, Norm.NONE);
  }
}
