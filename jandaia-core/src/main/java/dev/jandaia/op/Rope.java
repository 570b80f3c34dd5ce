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
   * @param x {@code [M, heads·headDim]}, rotated in place
   * @param headDim elements from one head to the next
   * @param first index of the first rotated element within a head
   */
  public static Matrix apply(
      Compute compute,
      Matrix x,
      Batch batch,
      RotaryTable table,
      int heads,
      int headDim,
      int first) {
    for (int i = 0; i < batch.chunkCount(); ) {
      RotaryTable serving = table.forLength(batch.chunk(i).reach());
      int begin = batch.chunk(i).firstRow();
      int end = begin;
      while (i < batch.chunkCount() && table.forLength(batch.chunk(i).reach()) == serving) {
        end += batch.chunk(i++).rows();
      }
      rotate(compute, x, batch, begin, end, serving, heads, headDim, first);
    }
    return x;
  }

  private static void rotate(
      Compute compute,
      Matrix x,
      Batch batch,
      int begin,
      int end,
      RotaryTable table,
      int heads,
      int headDim,
      int first) {
    int last = 0;
    for (int row = begin; row < end; row++) {
      last = Math.max(last, batch.positions()[row]);
    }
    table.reach(last);
    int[] current = batch.positions();
    compute.ropeRotate.run(x.data(), x, begin, end, current, table, heads, headDim, first, 1);
    if (compute.recording()) {
      int[] positions = Arrays.copyOf(current, end);
      compute.record(() ->
          compute.ropeRotate.run(
              x.grad(), x, begin, end, positions, table, heads, headDim, first, -1));
    }
  }

  static final class Rotate implements Workers.Range {
    private final Compute compute;
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
