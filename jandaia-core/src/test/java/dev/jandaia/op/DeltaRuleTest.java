package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.spec.Activation;
import dev.jandaia.spec.GatedDeltaNet;
import dev.jandaia.spec.Norm;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link DeltaRule} against the recurrence of 2412.06464 in float64, forward and backward. */
class DeltaRuleTest {
  private record Case(DeltaShape shape, int... lengths) {}

  private static final Case[] CASES = {
    new Case(new DeltaShape(1, 1, 1, 1, 1), 1),
    new Case(new DeltaShape(1, 1, 2, 3, 2), 3),
    // one decay per head, values in groups; one decay per channel
    new Case(new DeltaShape(2, 4, 3, 5, 1), 7, 1, 2),
    new Case(new DeltaShape(3, 3, 4, 4, 4), 6, 5),
    // enough for several stretches of the backward pass, and for several threads
    new Case(new DeltaShape(1, 2, 8, 9, 1), 50, 17),
    new Case(new DeltaShape(2, 2, 16, 16, 16), 23),
    // lengths around those of chunks, blocks in chunks, and what goes token by token
    new Case(new DeltaShape(1, 2, 6, 5, 1), 64, 1, 65, 7, 63, 8, 140),
    new Case(new DeltaShape(1, 1, 5, 6, 5), 15, 64, 16, 63, 17, 7, 9, 140)
  };

  /** Rows of a pass: one, fewer than a chunk takes, chunks and what is left of them, all. */
  private static final int[] STEPS = {1, 5, 8, 63, 64, 65, 100, 300};

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void followsTheRecurrence(Setup setup) {
    setup.run(compute -> {
      for (Case c : CASES) {
        DeltaShape shape = c.shape();
        Batch batch = Sequences.whole(mixer(shape), c.lengths());
        GradientCheck check = new GradientCheck(compute, 1);
        double unit = 1 / Math.sqrt(shape.keyDim());
        Matrix q = check.matrix(batch.size(), shape.keyHeads() * shape.keyDim(), z -> z * unit);
        Matrix k = check.matrix(batch.size(), shape.keyHeads() * shape.keyDim(), z -> z * unit);
        Matrix v = check.matrix(batch.size(), shape.valueHeads() * shape.valueDim());
        Matrix decay =
            check.matrix(
                batch.size(), shape.valueHeads() * shape.decayDim(), z -> Functions.sigmoid(z + 1));
        Matrix beta = check.matrix(batch.size(), shape.valueHeads(), Functions::sigmoid);
        check.check(
            () -> DeltaRule.apply(compute, shape, batch, 0, q, k, v, decay, beta),
            in -> twin(shape, c.lengths(), in, new double[shape.valueHeads() * shape.stateSize()]));
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void piecesFollowTheRecurrence(Setup setup) {
    setup.run(compute -> {
      pieces(compute, new DeltaShape(1, 2, 16, 12, 1), z -> Functions.sigmoid(z + 2));
      pieces(compute, new DeltaShape(2, 2, 16, 19, 16), z -> Functions.sigmoid(z + 2));
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void decaysMayForgetNothingMuchAndAll(Setup setup) {
    setup.run(compute -> {
      DoubleUnaryOperator extreme =
          z -> z > 1 ? 1 : z > 0.5 ? 0 : z > 0 ? 1e-30 : z > -0.5 ? 1e-6 : 0.999;
      pieces(compute, new DeltaShape(2, 4, 8, 6, 1), extreme);
      pieces(compute, new DeltaShape(2, 2, 8, 6, 8), extreme);
      pieces(compute, new DeltaShape(1, 2, 8, 6, 1), z -> 0);
      pieces(compute, new DeltaShape(2, 2, 8, 6, 8), z -> 1);
    });
  }

  /** One sequence in pieces of every length gives the outputs and the state of the twin. */
  private static void pieces(Compute compute, DeltaShape shape, DoubleUnaryOperator decay) {
    int rows = 300;
    GradientCheck numbers = new GradientCheck(compute, 2);
    double unit = 1 / Math.sqrt(shape.keyDim());
    Matrix[] inputs = {
      numbers.matrix(rows, shape.keyHeads() * shape.keyDim(), z -> z * unit),
      numbers.matrix(rows, shape.keyHeads() * shape.keyDim(), z -> z * unit),
      numbers.matrix(rows, shape.valueHeads() * shape.valueDim()),
      numbers.matrix(rows, shape.valueHeads() * shape.decayDim(), decay),
      numbers.matrix(rows, shape.valueHeads(), Functions::sigmoid)
    };
    double[][] wide = Arrays.stream(inputs).map(x -> widen(x.data())).toArray(double[][]::new);
    double[] state = new double[shape.valueHeads() * shape.stateSize()];
    double[] expected = twin(shape, new int[] {rows}, wide, state);
    for (int step : STEPS) {
      SequenceCache cache = SequenceCache.of(Sequences.oneLayer(mixer(shape)));
      float[] actual = run(compute, shape, inputs, step, cache);
      assertClose(expected, actual, "pieces of " + step);
      assertClose(state, cache.recurrent(0).state(), "state after pieces of " + step);
    }
  }

  private static void assertClose(double[] expected, float[] actual, String what) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < expected.length; i++) {
      int index = i;
      assertEquals(expected[i], actual[i], 1e-6 * largest, () -> what + ", element " + index);
    }
  }

  private static double[] widen(float[] x) {
    double[] wide = new double[x.length];
    Arrays.setAll(wide, i -> x[i]);
    return wide;
  }

  @Test
  void aContinuationHasNoGradient() {
    Setup.all()
        .findFirst()
        .orElseThrow()
        .run(compute -> {
          DeltaShape shape = new DeltaShape(1, 1, 2, 2, 1);
          SequenceCache cache = SequenceCache.of(Sequences.oneLayer(mixer(shape)));
          cache.advance(1);
          Batch batch = new Batch();
          batch.add(cache, 0);
          Matrix x = Matrix.of(1, 2);
          Matrix one = Matrix.of(1, 1);
          compute.startRecording();
          assertThrows(
              IllegalStateException.class,
              () -> DeltaRule.apply(compute, shape, batch, 0, x, x, x, one, one));
          compute.stopRecording(0);
        });
  }

  /** One sequence, {@code step} rows at a time. */
  private static float[] run(
      Compute compute, DeltaShape shape, Matrix[] inputs, int step, SequenceCache cache) {
    Batch batch = new Batch();
    int rows = inputs[0].rows();
    int width = inputs[2].cols();
    float[] all = new float[rows * width];
    for (int from = 0; from < rows; from += step) {
      int count = Math.min(step, rows - from);
      batch.clear();
      batch.add(cache, new int[count], 0, count);
      int first = from;
      Matrix[] piece =
          Arrays.stream(inputs).map(x -> Sequences.rows(x, first, count)).toArray(Matrix[]::new);
      int mark = compute.mark();
      Matrix y =
          DeltaRule.apply(
              compute, shape, batch, 0, piece[0], piece[1], piece[2], piece[3], piece[4]);
      System.arraycopy(y.data(), 0, all, from * width, y.size());
      compute.release(mark);
      cache.recurrent(0).advance(count);
      cache.advance(count);
    }
    return all;
  }

  private static GatedDeltaNet mixer(DeltaShape shape) {
    return new GatedDeltaNet(
        shape.keyHeads(),
        shape.valueHeads(),
        shape.keyDim(),
        shape.valueDim(),
        1,
        Activation.SILU,
        Norm.NONE);
  }

  /** The outputs; leaves the states of the heads after the last sequence in {@code states}. */
  private static double[] twin(DeltaShape shape, int[] lengths, double[][] in, double[] states) {
    double[] out = new double[in[2].length];
    int firstRow = 0;
    for (int length : lengths) {
      Arrays.fill(states, 0);
      for (int row = firstRow; row < firstRow + length; row++) {
        for (int head = 0; head < shape.valueHeads(); head++) {
          token(shape, in, row, head, states, out);
        }
      }
      firstRow += length;
    }
    return out;
  }

  private static void token(
      DeltaShape shape, double[][] in, int row, int head, double[] states, double[] out) {
    int keyHead = head * shape.keyHeads() / shape.valueHeads();
    int key = (row * shape.keyHeads() + keyHead) * shape.keyDim();
    int value = (row * shape.valueHeads() + head) * shape.valueDim();
    int decay = (row * shape.valueHeads() + head) * shape.decayDim();
    double beta = in[4][row * shape.valueHeads() + head];
    for (int j = 0; j < shape.valueDim(); j++) {
      double held = 0;
      for (int i = 0; i < shape.keyDim(); i++) {
        int at = (head * shape.keyDim() + i) * shape.valueDim() + j;
        states[at] *= in[3][decay + (shape.decayDim() == 1 ? 0 : i)];
        held += in[1][key + i] * states[at];
      }
      for (int i = 0; i < shape.keyDim(); i++) {
        int at = (head * shape.keyDim() + i) * shape.valueDim() + j;
        states[at] += in[1][key + i] * beta * (in[2][value + j] - held);
        out[value + j] += in[0][key + i] * states[at];
      }
    }
  }
}
