package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.spec.Position.Pairing;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RopeTest {
  private static final double FACTOR = 1.3;

  /** Sequence lengths, heads, elements per head, first rotated element, rotated pairs. */
  private record Case(int[] lengths, int heads, int headDim, int first, int half) {}

  private static final Case[] CASES = {
    new Case(new int[] {1}, 1, 2, 0, 1),
    new Case(new int[] {5}, 3, 8, 0, 3),
    new Case(new int[] {3, 1, 6}, 2, 7, 1, 3),
    new Case(new int[] {70, 10}, 4, 64, 32, 16)
  };

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void turnsPairsByTheirPosition(Setup setup) {
    setup.run(compute -> {
      for (Pairing pairing : Pairing.values()) {
        for (Case c : CASES) {
          float[] frequencies = frequencies(c.half());
          RotaryTable table = new RotaryTable(frequencies, FACTOR, pairing);
          Batch batch = Sequences.whole(c.lengths());
          int[] positions = Arrays.copyOf(batch.positions(), batch.size());
          GradientCheck check = new GradientCheck(compute, 1);
          Matrix x = check.matrix(batch.size(), c.heads() * c.headDim());
          check.check(
              () -> Rope.apply(compute, x, batch, table, c.heads(), c.headDim(), c.first()),
              in -> rotate(in[0], positions, c, frequencies, pairing));
        }
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void undoingTurnsBack(Setup setup) {
    setup.run(compute -> {
      for (Pairing pairing : Pairing.values()) {
        for (Case c : CASES) {
          float[] frequencies = frequencies(c.half());
          RotaryTable table = new RotaryTable(frequencies, FACTOR, pairing);
          Batch batch = Sequences.whole(c.lengths());
          int[] back = Arrays.stream(batch.positions()).limit(batch.size()).map(p -> -p).toArray();
          GradientCheck check = new GradientCheck(compute, 1);
          Matrix x = check.matrix(batch.size(), c.heads() * c.headDim());
          check.check(
              () -> Rope.undo(compute, x, batch, table, c.heads(), c.headDim(), c.first()),
              in -> rotate(in[0], back, c, frequencies, pairing));
        }
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void entriesTurnAsTheFirstOfTheirTokens(Setup setup) {
    setup.run(compute -> {
      int[] lengths = {9, 2, 12};
      float[] frequencies = frequencies(2);
      RotaryTable table = new RotaryTable(frequencies, FACTOR, Pairing.NEIGHBOURS);
      Batch batch = Sequences.whole(lengths);
      batch.compress(4);
      int[] positions = {0, 4, 0, 4, 8};
      GradientCheck check = new GradientCheck(compute, 3);
      Matrix x = check.matrix(positions.length, 7);
      Case c = new Case(lengths, 1, 7, 3, 2);
      check.check(
          () -> Rope.applyToEntries(compute, x, batch, table),
          in -> rotate(in[0], positions, c, frequencies, Pairing.NEIGHBOURS));
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void longSequencesOfABatchTurnByAnotherTable(Setup setup) {
    setup.run(compute -> {
      Case c = new Case(new int[] {3, 9, 10, 4}, 2, 6, 0, 2);
      float[] shortOnes = {1, 0.1f};
      float[] longOnes = {0.5f, 0.02f};
      RotaryTable table =
          new RotaryTable(shortOnes, FACTOR, Pairing.HALVES)
              .upTo(8, new RotaryTable(longOnes, FACTOR, Pairing.HALVES));
      Batch batch = Sequences.whole(c.lengths());
      int[] positions = Arrays.copyOf(batch.positions(), batch.size());
      GradientCheck check = new GradientCheck(compute, 2);
      Matrix x = check.matrix(batch.size(), c.heads() * c.headDim());
      int width = x.cols();
      check.check(
          () -> Rope.apply(compute, x, batch, table, c.heads(), c.headDim(), c.first()),
          in -> {
            double[] y = rotate(in[0], positions, c, shortOnes, Pairing.HALVES);
            double[] far = rotate(in[0], positions, c, longOnes, Pairing.HALVES);
            System.arraycopy(far, 3 * width, y, 3 * width, 19 * width);
            return y;
          });
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void temperatureGrowsWithThePosition(Setup setup) {
    setup.run(compute -> {
      for (int offset : new int[] {0, 1}) {
        QueryTemperature temperature = new QueryTemperature(0.3f, 4, offset);
        Batch batch = Sequences.whole(1, 13, 30);
        int[] positions = Arrays.copyOf(batch.positions(), batch.size());
        GradientCheck check = new GradientCheck(compute, 3);
        Matrix q = check.matrix(batch.size(), 5);
        check.check(
            () -> temperature.apply(compute, q, batch),
            in -> {
              double[] y = in[0].clone();
              for (int i = 0; i < y.length; i++) {
                double steps = Math.floor((positions[i / 5] + offset) / 4.0);
                y[i] *= 1 + 0.3f * Math.log(1 + steps);
              }
              return y;
            });
      }
    });
  }

  @Test
  void oneTableServesThreadsThatReachForPositionsAtOnce() {
    for (int round = 0; round < 200; round++) {
      RotaryTable table = new RotaryTable(new float[] {1, 0.1f}, 1, Pairing.HALVES);
      AtomicInteger wrong = new AtomicInteger();
      IntStream.range(0, 8)
          .parallel()
          .forEach(i -> {
            int last = 100 * (i + 1);
            table.reach(last);
            float expected = (float) Math.cos(last * 0.1f);
            wrong.addAndGet(table.cos()[2 * last + 1] == expected ? 0 : 1);
          });
      assertEquals(0, wrong.get());
    }
  }

  private static float[] frequencies(int half) {
    float[] frequencies = new float[half];
    for (int i = 0; i < half; i++) {
      frequencies[i] = (float) Math.pow(100, -(double) i / half);
    }
    return frequencies;
  }

  private static double[] rotate(
      double[] x, int[] positions, Case c, float[] frequencies, Pairing pairing) {
    double[] y = x.clone();
    int half = c.half();
    for (int row = 0; row < positions.length; row++) {
      for (int head = 0; head < c.heads(); head++) {
        int start = (row * c.heads() + head) * c.headDim() + c.first();
        for (int i = 0; i < half; i++) {
          boolean halves = pairing != Pairing.NEIGHBOURS;
          boolean swapped = pairing == Pairing.HALVES_REVERSED;
          int first = start + (halves ? i : 2 * i);
          int second = start + (halves ? i + half : 2 * i + 1);
          int a = swapped ? second : first;
          int b = swapped ? first : second;
          double angle = positions[row] * (double) frequencies[i];
          y[a] = FACTOR * (x[a] * Math.cos(angle) - x[b] * Math.sin(angle));
          y[b] = FACTOR * (x[b] * Math.cos(angle) + x[a] * Math.sin(angle));
        }
      }
    }
    return y;
  }
}
