package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.cache.KeyValueCache;
import dev.jandaia.cache.SequenceCache;
import dev.jandaia.op.CompressWindows.Shape;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Position;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CompressWindowsTest {
  private static final int DIM = 3;
  private static final Shape[] SHAPES = {
    new Shape(1, DIM, false),
    new Shape(4, DIM, false),
    new Shape(1, DIM, true),
    new Shape(4, DIM, true)
  };

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void entriesAreSoftmaxMeansOfTheirWindows(Setup setup) {
    setup.run(compute -> {
      for (Shape shape : SHAPES) {
        int[] lengths = {9, 4, 3, 13};
        Batch batch = Sequences.whole(lengths);
        GradientCheck check = new GradientCheck(compute, 1);
        Matrix rows = check.matrix(batch.size(), 2 * shape.width());
        VectorParameter bias = check.vector(shape.rate() * shape.width());
        check.check(
            () -> CompressWindows.apply(compute, shape, batch, chunk -> null, rows, bias),
            in -> naive(shape, lengths, in[0], in[1]));
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void piecesMakeTheSameEntries(Setup setup) {
    setup.run(compute -> {
      for (Shape shape : SHAPES) {
        int length = 150;
        Random random = new Random(6);
        float[] all = gaussians(random, length * 2 * shape.width());
        float[] bias = gaussians(random, shape.rate() * shape.width());
        double[] expected = naive(shape, new int[] {length}, widen(all), widen(bias));
        checkPieces(compute, shape, random, all, new VectorParameter("b", bias), expected);
      }
    });
  }

  private static void checkPieces(
      Compute compute,
      Shape shape,
      Random random,
      float[] all,
      VectorParameter bias,
      double[] expected) {
    int width = 2 * shape.width();
    KeyValueCache past =
        Sequences.compressed(DIM, 1, shape.rate(), shape.overlap()).compressed().rows();
    SequenceCache cache =
        SequenceCache.none(Sequences.oneLayer(GroupedQueryAttention.of(1, 1, 2, Position.NONE)));
    Batch batch = new Batch();
    int done = 0;
    while (cache.position() < all.length / width) {
      int count =
          Math.min(all.length / width - cache.position(), 1 + random.nextInt(2 * shape.rate() + 1));
      batch.clear();
      batch.add(cache, new int[count], 0, count);
      Matrix rows = Matrix.of(count, width);
      System.arraycopy(all, cache.position() * width, rows.data(), 0, rows.size());
      Matrix entries = CompressWindows.apply(compute, shape, batch, chunk -> past, rows, bias);
      for (int i = 0; i < entries.size(); i++) {
        assertEquals(expected[done++], entries.data()[i], 1e-5);
      }
      past.append(rows.data(), 0, width, rows.data(), 0, width, count);
      cache.advance(count);
    }
    assertEquals(expected.length, done);
  }

  private static double[] naive(Shape shape, int[] lengths, double[] rows, double[] bias) {
    int total = 0;
    for (int length : lengths) {
      total += length / shape.rate();
    }
    double[] out = new double[total * DIM];
    int width = shape.width();
    int entry = 0;
    int firstRow = 0;
    for (int length : lengths) {
      for (int e = 0; e < length / shape.rate(); e++, entry++) {
        for (int d = 0; d < DIM; d++) {
          double sum = 0;
          double weighted = 0;
          for (int t = 0; t < length; t++) {
            boolean own = t / shape.rate() == e;
            boolean before = shape.overlap() && t / shape.rate() == e - 1;
            if (own || before) {
              int column = shape.overlap() && own ? DIM + d : d;
              int row = (firstRow + t) * 2 * width;
              double p =
                  Math.exp(rows[row + width + column] + bias[t % shape.rate() * width + column]);
              sum += p;
              weighted += p * rows[row + column];
            }
          }
          out[entry * DIM + d] = weighted / sum;
        }
      }
      firstRow += length;
    }
    return out;
  }

  private static float[] gaussians(Random random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }
}
