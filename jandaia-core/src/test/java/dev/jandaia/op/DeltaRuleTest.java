package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.spec.Activation;
import dev.jandaia.spec.GatedDeltaNet;
import dev.jandaia.spec.Norm;
import java.util.Arrays;
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
    new Case(new DeltaShape(2, 2, 16, 16, 16), 23)
  };

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
            in -> twin(shape, c.lengths(), in));
      }
    });
  }

  @Test
  void piecesGiveWhatTheWholeGives() {
    DeltaShape shape = new DeltaShape(2, 4, 8, 6, 1);
    Setup.all()
        .forEach(setup ->
            setup.run(compute -> {
              int rows = 13;
              GradientCheck numbers = new GradientCheck(compute, 2);
              Matrix[] inputs = {
                numbers.matrix(rows, 16),
                numbers.matrix(rows, 16, z -> z / 4),
                numbers.matrix(rows, 24),
                numbers.matrix(rows, 4, Functions::sigmoid),
                numbers.matrix(rows, 4, Functions::sigmoid)
              };
              float[] whole = run(compute, shape, inputs, rows);
              assertArrayEquals(whole, run(compute, shape, inputs, 1), 1e-6f);
              assertArrayEquals(whole, run(compute, shape, inputs, 5), 1e-6f);
            }));
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
  private static float[] run(Compute compute, DeltaShape shape, Matrix[] inputs, int step) {
    SequenceCache cache = SequenceCache.of(Sequences.oneLayer(mixer(shape)));
    Batch batch = new Batch();
    int rows = inputs[0].rows();
    int width = inputs[2].cols();
    float[] all = new float[rows * width];
    for (int from = 0; from < rows; from += step) {
      int count = Math.min(step, rows - from);
      batch.clear();
      batch.add(cache, new int[count], 0, count);
      int first = from;
      Matrix[] piece = Arrays.stream(inputs).map(x -> rows(x, first, count)).toArray(Matrix[]::new);
      Matrix y =
          DeltaRule.apply(
              compute, shape, batch, 0, piece[0], piece[1], piece[2], piece[3], piece[4]);
      System.arraycopy(y.data(), 0, all, from * width, y.size());
      cache.recurrent(0).advance(count);
      cache.advance(count);
    }
    return all;
  }

  private static Matrix rows(Matrix x, int from, int count) {
    Matrix piece = Matrix.of(count, x.cols());
    System.arraycopy(x.data(), x.offset(from), piece.data(), 0, piece.size());
    return piece;
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

  private static double[] twin(DeltaShape shape, int[] lengths, double[][] in) {
    double[] out = new double[in[2].length];
    int firstRow = 0;
    for (int length : lengths) {
      for (int head = 0; head < shape.valueHeads(); head++) {
        double[][] state = new double[shape.keyDim()][shape.valueDim()];
        for (int row = firstRow; row < firstRow + length; row++) {
          token(shape, in, row, head, state, out);
        }
      }
      firstRow += length;
    }
    return out;
  }

  private static void token(
      DeltaShape shape, double[][] in, int row, int head, double[][] state, double[] out) {
    int keyHead = head * shape.keyHeads() / shape.valueHeads();
    int key = (row * shape.keyHeads() + keyHead) * shape.keyDim();
    int value = (row * shape.valueHeads() + head) * shape.valueDim();
    int decay = (row * shape.valueHeads() + head) * shape.decayDim();
    double beta = in[4][row * shape.valueHeads() + head];
    for (int i = 0; i < shape.keyDim(); i++) {
      for (int j = 0; j < shape.valueDim(); j++) {
        state[i][j] *= in[3][decay + (shape.decayDim() == 1 ? 0 : i)];
      }
    }
    for (int j = 0; j < shape.valueDim(); j++) {
      double held = 0;
      for (int i = 0; i < shape.keyDim(); i++) {
        held += in[1][key + i] * state[i][j];
      }
      for (int i = 0; i < shape.keyDim(); i++) {
        state[i][j] += in[1][key + i] * beta * (in[2][value + j] - held);
        out[value + j] += in[0][key + i] * state[i][j];
      }
    }
  }
}
