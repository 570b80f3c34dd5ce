package dev.jandaia.op;

/**
 * Copies groups of columns from one matrix to another, row by row: what splits, joins and
 * broadcasts heads. Group j of {@code width} columns goes from {@code from.first + j·from.step} to
 * {@code to.first + j·to.step}; a step of zero reads the same columns for every group.
 */
public final class CopyColumns {
  private CopyColumns() {}

  /**
   * Where groups of columns lie.
   *
   * @param first column of group 0
   * @param step columns from one group to the next
   */
  public record Groups(int first, int step) {}

  /**
   * Copies {@code count} groups of {@code width} columns of {@code source} into {@code target},
   * which has as many rows.
   */
  public static void apply(
      Compute compute, Matrix source, Groups from, Matrix target, Groups to, int count, int width) {
    for (int row = 0; row < source.rows(); row++) {
      for (int j = 0; j < count; j++) {
        System.arraycopy(
            source.data(),
            source.offset(row) + from.first() + j * from.step(),
            target.data(),
            target.offset(row) + to.first() + j * to.step(),
            width);
      }
    }
    if (compute.recording()) {
      compute.record(() -> backward(compute, source, from, target, to, count, width));
    }
  }

  private static void backward(
      Compute compute, Matrix source, Groups from, Matrix target, Groups to, int count, int width) {
    for (int row = 0; row < source.rows(); row++) {
      for (int j = 0; j < count; j++) {
        compute
            .kernels()
            .add(
                target.grad(),
                target.offset(row) + to.first() + j * to.step(),
                source.grad(),
                source.offset(row) + from.first() + j * from.step(),
                width);
      }
    }
  }
}
