package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.spec.Position;
import java.util.Arrays;

/**
 * Rotary position embedding (2104.09864), in place: it needs nothing of its input to go backwards
 * but the angles.
 */
public final class Rope {
  private Rope() {}

  /**
   * Rotates 2·half elements of every head of every row by the angles of the row's position.
   *
   * @param x {@code [M, heads·headDim]}; a matrix is rotated in place, rows that have to be made
   *     are made and rotated in one loop
   * @param headDim elements from one head to the next
   * @param first index of the first rotated element within a head
   */
  public static Matrix apply(
      Compute compute,
      RowSource x,
      Batch batch,
      RotaryTable table,
      int heads,
      int headDim,
      int first) {
    return turn(compute, x, batch, table, heads, headDim, first, 1);
  }

  /** Rotates back by the same angles: what {@link #apply} has done is undone. */
  public static Matrix undo(
      Compute compute,
      Matrix x,
      Batch batch,
      RotaryTable table,
      int heads,
      int headDim,
      int first) {
    return turn(compute, x, batch, table, heads, headDim, first, -1);
  }

  /**
   * Rotates the last 2·half elements of the batch's entries, each as the first of its tokens.
   *
   * @param x {@code [E, dim]}, as {@link Batch#entries} counts them; rotated in place
   */
  public static Matrix applyToEntries(Compute compute, Matrix x, Batch batch, RotaryTable table) {
    Entries entries = batch.entries();
    int first = x.cols() - 2 * table.half();
    for (int i = 0; i < batch.chunkCount(); i++) {
      int begin = entries.firstRow(i);
      int end = begin + entries.count(i);
      RotaryTable serving = table.forLength(batch.chunk(i).reach());
      if (begin < end) {
        rotate(compute, x, x, entries.positions(), begin, end, serving, 1, x.cols(), first, 1);
      }
    }
    return x;
  }

  private static Matrix turn(
      Compute compute,
      RowSource x,
      Batch batch,
      RotaryTable table,
      int heads,
      int headDim,
      int first,
      int sign) {
    Matrix y = x instanceof MadeRows made ? made.unmade() : x.matrix();
    for (int i = 0; i < batch.chunkCount(); ) {
      RotaryTable serving = table.forLength(batch.chunk(i).reach());
      int begin = batch.chunk(i).firstRow();
      int end = begin;
      while (i < batch.chunkCount() && table.forLength(batch.chunk(i).reach()) == serving) {
        end += batch.chunk(i++).rows();
      }
      rotate(compute, x, y, batch.positions(), begin, end, serving, heads, headDim, first, sign);
    }
    return y;
  }

  private static void rotate(
      Compute compute,
      RowSource source,
      Matrix x,
      int[] current,
      int begin,
      int end,
      RotaryTable table,
      int heads,
      int headDim,
      int first,
      int sign) {
    int last = 0;
    for (int row = begin; row < end; row++) {
      last = Math.max(last, current[row]);
    }
    table.reach(last);
    compute.ropeRotate.run(
        source, x.data(), x, begin, end, current, table, heads, headDim, first, sign);
    if (compute.recording()) {
      int[] positions = Arrays.copyOf(current, end);
      compute.record(() ->
          compute.ropeRotate.run(
              x, x.grad(), x, begin, end, positions, table, heads, headDim, first, -sign));
    }
  }

  static final class Rotate implements Workers.Range {
    private final Compute compute;
    private RowSource source;
    private float[] values;
    private Matrix shape;
    private int firstRow;
    private int[] positions;
    private RotaryTable table;
    private int heads;
    private int headDim;
    private int first;
    private float sinSign;

    Rotate(Compute compute) {
      this.compute = compute;
    }

    void run(
        RowSource input,
        float[] target,
        Matrix x,
        int begin,
        int end,
        int[] rowPositions,
        RotaryTable angles,
        int headCount,
        int dim,
        int start,
        float sign) {
      source = input;
      values = target;
      shape = x;
      firstRow = begin;
      positions = rowPositions;
      table = angles;
      heads = headCount;
      headDim = dim;
      first = start;
      sinSign = sign;
      compute.forEach(end - begin, x.cols(), this);
    }

    @Override
    public void run(int from, int to, int worker) {
      Kernels kernels = compute.kernels();
      int half = table.half();
      float[] cos = table.cos();
      float[] sin = table.sin();
      boolean halves = table.pairing() != Position.Pairing.NEIGHBOURS;
      float direction = table.pairing() == Position.Pairing.HALVES_REVERSED ? -sinSign : sinSign;
      for (int row = firstRow + from; row < firstRow + to; row++) {
        if (source instanceof MadeRows made) {
          made.make(row, values, shape.offset(row));
        }
        int angles = positions[row] * half;
        for (int head = 0; head < heads; head++) {
          int offset = shape.offset(row) + head * headDim + first;
          if (halves) {
            kernels.rotateHalves(values, offset, cos, sin, angles, half, direction);
          } else {
            kernels.rotatePairs(values, offset, cos, sin, angles, half, direction);
          }
        }
      }
    }
  }
}
