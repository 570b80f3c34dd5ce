package dev.jandaia.op;

import dev.jandaia.tensor.JandaiaException;
import java.util.Arrays;

/** Table look-up: y[i] = scale·W[id_i]. */
public final class Embed {
  private Embed() {}

  /**
   * @param ids token ids; the first {@code count} are used
   * @param table {@code [V, C]}
   * @return {@code [count, C]}
   * @throws JandaiaException if an id is not in the table
   */
  public static Matrix apply(
      Compute compute, int[] ids, int count, MatrixParameter table, float scale) {
    Matrix y = compute.take(count, table.cols());
    for (int i = 0; i < count; i++) {
      if (ids[i] < 0 || ids[i] >= table.rows()) {
        throw new JandaiaException(
            "%s: expected ids in 0..%d, found %d"
                .formatted(table.path(), table.rows() - 1, ids[i]));
      }
    }
    table.weight().decodeRows(ids, count, y.data(), y.offset(0));
    if (scale != 1) {
      compute.kernels().scale(scale, y.data(), 0, y.size());
    }
    if (compute.recording() && table.trainable()) {
      int[] kept = Arrays.copyOf(ids, count);
      compute.record(() -> backward(compute, kept, table, scale, y));
    }
    return y;
  }

  /** dW[id_i] += scale·dy[i]. */
  private static void backward(
      Compute compute, int[] ids, MatrixParameter table, float scale, Matrix y) {
    for (int i = 0; i < ids.length; i++) {
      compute
          .kernels()
          .axpy(scale, y.grad(), y.offset(i), table.grad(), ids[i] * table.cols(), y.cols());
    }
  }
}
