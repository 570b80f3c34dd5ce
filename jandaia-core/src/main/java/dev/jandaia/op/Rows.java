package dev.jandaia.op;

import java.util.Arrays;

/**
 * Picks rows of a matrix and puts weighted rows back: how tokens travel to their experts, and last
 * rows to the head.
 */
public final class Rows {
  private Rows() {}

  /**
   * y[i] = x[rows[i]] for the {@code count} entries of {@code rows} from {@code first} on.
   *
   * @param x {@code [M, C]}
   * @return {@code [count, C]}
   */
  public static Matrix gather(Compute compute, Matrix x, int[] rows, int first, int count) {
    Matrix y = compute.take(count, x.cols());
    for (int i = 0; i < count; i++) {
      System.arraycopy(x.data(), x.offset(rows[first + i]), y.data(), y.offset(i), x.cols());
    }
    if (compute.recording()) {
      int[] kept = Arrays.copyOfRange(rows, first, first + count);
      compute.record(() -> {
        for (int i = 0; i < kept.length; i++) {
          compute.kernels().add(y.grad(), y.offset(i), x.grad(), x.offset(kept[i]), x.cols());
        }
      });
    }
    return y;
  }

  /**
   * y[i] = w[entries[i]]·x[rows[i]] for the {@code count} entries from {@code first} on.
   *
   * @param x {@code [M, C]}
   * @param weights any shape; {@code entries} index its elements
   * @return {@code [count, C]}
   */
  public static Matrix gatherWeighted(
      Compute compute, Matrix x, Matrix weights, int[] rows, int[] entries, int first, int count) {
    Matrix y = compute.zeros(count, x.cols());
    for (int i = 0; i < count; i++) {
      float weight = weights.data()[entries[first + i]];
      compute
          .kernels()
          .axpy(weight, x.data(), x.offset(rows[first + i]), y.data(), y.offset(i), x.cols());
    }
    if (compute.recording()) {
      int[] keptRows = Arrays.copyOfRange(rows, first, first + count);
      int[] keptEntries = Arrays.copyOfRange(entries, first, first + count);
      compute.record(() -> gatherWeightedBackward(compute, x, weights, keptRows, keptEntries, y));
    }
    return y;
  }

  /** dx[row] += w·dy[i], dw += x[row]·dy[i]. */
  private static void gatherWeightedBackward(
      Compute compute, Matrix x, Matrix weights, int[] rows, int[] entries, Matrix y) {
    for (int i = 0; i < rows.length; i++) {
      int source = x.offset(rows[i]);
      float weight = weights.data()[entries[i]];
      compute.kernels().axpy(weight, y.grad(), y.offset(i), x.grad(), source, x.cols());
      weights.grad()[entries[i]] +=
          compute.kernels().dot(y.grad(), y.offset(i), x.data(), source, x.cols());
    }
  }

  /**
   * y[rows[i]] += x[i] for the {@code count} entries of {@code rows} from {@code first} on.
   *
   * @param x {@code [count, C]}
   * @param y {@code [M, C]}, changed in place
   */
  public static void add(Compute compute, Matrix x, int[] rows, int first, int count, Matrix y) {
    for (int i = 0; i < count; i++) {
      compute.kernels().add(x.data(), x.offset(i), y.data(), y.offset(rows[first + i]), x.cols());
    }
    if (compute.recording()) {
      int[] kept = Arrays.copyOfRange(rows, first, first + count);
      compute.record(() -> {
        for (int i = 0; i < kept.length; i++) {
          compute.kernels().add(y.grad(), y.offset(kept[i]), x.grad(), x.offset(i), x.cols());
        }
      });
    }
  }

  /**
   * y[rows[i]] += w[entries[i]]·x[i] for the {@code count} entries from {@code first} on.
   *
   * @param x {@code [count, C]}
   * @param weights any shape; {@code entries} index its elements
   * @param y {@code [M, C]}, changed in place
   */
  public static void addWeighted(
      Compute compute,
      Matrix x,
      Matrix weights,
      int[] rows,
      int[] entries,
      int first,
      int count,
      Matrix y) {
    for (int i = 0; i < count; i++) {
      float weight = weights.data()[entries[first + i]];
      compute
          .kernels()
          .axpy(weight, x.data(), x.offset(i), y.data(), y.offset(rows[first + i]), x.cols());
    }
    if (compute.recording()) {
      int[] keptRows = Arrays.copyOfRange(rows, first, first + count);
      int[] keptEntries = Arrays.copyOfRange(entries, first, first + count);
      compute.record(() -> addWeightedBackward(compute, x, weights, keptRows, keptEntries, y));
    }
  }

  /** dx[i] += w·dy[row], dw += x[i]·dy[row]. */
  private static void addWeightedBackward(
      Compute compute, Matrix x, Matrix weights, int[] rows, int[] entries, Matrix y) {
    for (int i = 0; i < rows.length; i++) {
      int source = y.offset(rows[i]);
      float weight = weights.data()[entries[i]];
      compute.kernels().axpy(weight, y.grad(), source, x.grad(), x.offset(i), x.cols());
      weights.grad()[entries[i]] +=
          compute.kernels().dot(y.grad(), source, x.data(), x.offset(i), x.cols());
    }
  }
}
