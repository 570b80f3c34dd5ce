package dev.jandaia.op;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link SparseAttention} over sequences seen whole, forward and backward. */
class SparseAttentionTest {
  private record Case(AttentionShape shape, double density, int... lengths) {}

  private static final Case[] CASES = {
    new Case(new AttentionShape(1, 1, 1, 1, 1, 0), 1, 1),
    new Case(new AttentionShape(3, 3, 4, 3, 0.5f, 0), 0.5, 7, 1, 4),
    new Case(new AttentionShape(4, 2, 3, 5, 0.4f, 1.5f), 0.3, 9, 3),
    new Case(new AttentionShape(2, 1, 4, 3, 0.5f, 0), 0.9, 130, 3),
    new Case(new AttentionShape(2, 1, 4, 3, 0.5f, 0), 0.1, 90),
  };

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void matchesNaiveAttentionToTheChosenKeys(Setup setup) {
    setup.run(compute -> {
      for (Case c : CASES) {
        AttentionShape shape = c.shape();
        Batch batch = Sequences.whole(c.lengths());
        boolean[][] chosen = choose(batch, c.density());
        GradientCheck check = new GradientCheck(compute, 1);
        Matrix q = check.matrix(batch.size(), shape.heads() * shape.keyDim());
        Matrix k = check.matrix(batch.size(), shape.kvHeads() * shape.keyDim());
        Matrix v = check.matrix(batch.size(), shape.kvHeads() * shape.valueDim());
        check.check(
            () -> SparseAttention.apply(compute, shape, batch, 0, q, k, v),
            in -> naive(shape, batch, chosen, in[0], in[1], in[2]));
      }
    });
  }

  /** Random keys for every row, its own among them; element [row][position]. */
  private static boolean[][] choose(Batch batch, double density) {
    Random random = new Random(4);
    KeySelection selection = batch.selection();
    selection.start(batch, Integer.MAX_VALUE);
    boolean[][] chosen = new boolean[batch.size()][];
    for (int row = 0; row < batch.size(); row++) {
      int position = batch.positions()[row];
      chosen[row] = new boolean[position + 1];
      int count = 0;
      for (int s = 0; s <= position; s++) {
        if (s == position || random.nextDouble() < density) {
          chosen[row][s] = true;
          selection.positions()[selection.first(row) + count++] = s;
        }
      }
      selection.setCount(row, count);
    }
    return chosen;
  }

  private static double[] naive(
      AttentionShape shape, Batch batch, boolean[][] chosen, double[] q, double[] k, double[] v) {
    double[] out = new double[batch.size() * shape.heads() * shape.valueDim()];
    for (int row = 0; row < batch.size(); row++) {
      int firstRow = row - batch.positions()[row];
      for (int head = 0; head < shape.heads(); head++) {
        int group = head * shape.kvHeads() / shape.heads();
        double sum = 0;
        double[] p = new double[chosen[row].length];
        for (int s = 0; s < p.length; s++) {
          double dot = 0;
          for (int d = 0; d < shape.keyDim(); d++) {
            dot +=
                q[(row * shape.heads() + head) * shape.keyDim() + d]
                    * k[((firstRow + s) * shape.kvHeads() + group) * shape.keyDim() + d];
          }
          double z = dot * shape.scale();
          double cap = shape.softCap();
          p[s] = chosen[row][s] ? Math.exp(cap == 0 ? z : cap * Math.tanh(z / cap)) : 0;
          sum += p[s];
        }
        for (int s = 0; s < p.length; s++) {
          for (int d = 0; d < shape.valueDim(); d++) {
            out[(row * shape.heads() + head) * shape.valueDim() + d] +=
                p[s] / sum * v[((firstRow + s) * shape.kvHeads() + group) * shape.valueDim() + d];
          }
        }
      }
    }
    return out;
  }
}
