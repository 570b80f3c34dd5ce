package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.Span;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link SigmoidAttention} against the formula in float64, whole and in pieces. */
class SigmoidAttentionTest {
  private static final float[] SLOPES = {-0.5f, -0.25f, 0.5f, 0.25f};

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void matchesTheFormula(Setup setup) {
    int[][] cases = {{1}, {5, 1, 3}, {70, 9}};
    setup.run(compute -> {
      for (int[] lengths : cases) {
        for (int window : new int[] {2, 66, Integer.MAX_VALUE}) {
          AttentionShape shape = new AttentionShape(4, 2, 3, 5, 0.6f, 2, window);
          Batch batch = Sequences.whole(lengths);
          GradientCheck check = new GradientCheck(compute, 1);
          Matrix q = check.matrix(batch.size(), 12);
          Matrix k = check.matrix(batch.size(), 6);
          Matrix v = check.matrix(batch.size(), 10);
          check.check(
              () -> SigmoidAttention.apply(compute, shape, SLOPES, batch, 0, q, k, v),
              in -> naive(shape, lengths, in[0], in[1], in[2]));
        }
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void piecesGiveWhatTheWholeGives(Setup setup) {
    int length = 200;
    int window = 70;
    setup.run(compute -> {
      AttentionShape shape = new AttentionShape(4, 2, 3, 3, 0.6f, 0, window);
      Random random = new Random(3);
      Matrix q = gaussians(random, length, 12);
      Matrix k = gaussians(random, length, 6);
      Matrix v = gaussians(random, length, 6);
      double[] expected = naive(shape, new int[] {length}, widen(q), widen(k), widen(v));
      SequenceCache cache =
          SequenceCache.of(
              Sequences.oneLayer(
                  GroupedQueryAttention.of(4, 2, 3, Position.NONE)
                      .withSpan(new Span.Sliding(window))));
      Batch batch = new Batch();
      while (cache.position() < length) {
        int start = cache.position();
        int count = Math.min(length - start, 1 + random.nextInt(90));
        batch.clear();
        batch.add(cache, new int[count], 0, count);
        Matrix keys = rows(k, start, count);
        Matrix values = rows(v, start, count);
        Matrix out =
            SigmoidAttention.apply(
                compute, shape, SLOPES, batch, 0, rows(q, start, count), keys, values);
        for (int i = 0; i < out.size(); i++) {
          assertEquals(expected[start * 12 + i], out.data()[i], 2e-5, "position " + start);
        }
        cache.layer(0).append(keys.data(), 0, 6, values.data(), 0, 6, count);
        cache.advance(count);
      }
    });
  }

  private static double[] naive(
      AttentionShape shape, int[] lengths, double[] q, double[] k, double[] v) {
    int heads = shape.heads();
    int keyDim = shape.keyDim();
    int valueDim = shape.valueDim();
    double[] out = new double[q.length / keyDim * valueDim];
    int first = 0;
    for (int length : lengths) {
      for (int t = 0; t < length; t++) {
        for (int s = 0; s <= t; s++) {
          for (int head = 0; (long) t - s < shape.window() && head < heads; head++) {
            int kvHead = head * shape.kvHeads() / heads;
            double score = 0;
            for (int d = 0; d < keyDim; d++) {
              score +=
                  q[((first + t) * heads + head) * keyDim + d]
                      * k[((first + s) * shape.kvHeads() + kvHead) * keyDim + d];
            }
            score *= shape.scale();
            score =
                shape.softCap() == 0 ? score : shape.softCap() * Math.tanh(score / shape.softCap());
            double weight = Functions.sigmoid(score + SLOPES[head] * (t - s));
            for (int d = 0; d < valueDim; d++) {
              out[((first + t) * heads + head) * valueDim + d] +=
                  weight * v[((first + s) * shape.kvHeads() + kvHead) * valueDim + d];
            }
          }
        }
      }
      first += length;
    }
    return out;
  }

  private static Matrix rows(Matrix all, int start, int count) {
    Matrix part = Matrix.of(count, all.cols());
    System.arraycopy(all.data(), all.offset(start), part.data(), 0, part.size());
    return part;
  }

  private static Matrix gaussians(Random random, int rows, int cols) {
    Matrix matrix = Matrix.of(rows, cols);
    for (int i = 0; i < matrix.size(); i++) {
      matrix.data()[i] = (float) random.nextGaussian();
    }
    return matrix;
  }

  private static double[] widen(Matrix matrix) {
    double[] wide = new double[matrix.size()];
    Arrays.setAll(wide, i -> matrix.data()[i]);
    return wide;
  }
}
