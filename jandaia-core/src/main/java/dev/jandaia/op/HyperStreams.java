package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import java.util.Arrays;

/**
 * N hyper-connected residual streams (2512.24880) side by side in the rows of one matrix, {@code
 * [M, N·C]}, and their way into and out of the parts of a layer.
 */
public final class HyperStreams {
  private HyperStreams() {}

  /** Every stream begins as a copy of {@code x [M, C]}. */
  public static Matrix copies(Compute compute, Matrix x, int streams) {
    int width = x.cols();
    Matrix y = compute.take(x.rows(), streams * width);
    for (int i = 0; i < x.rows() * streams; i++) {
      System.arraycopy(x.data(), x.offset(i / streams), y.data(), i * width, width);
    }
    if (compute.recording()) {
      compute.record(() -> {
        for (int i = 0; i < x.rows() * streams; i++) {
          compute.kernels().add(y.grad(), i * width, x.grad(), x.offset(i / streams), width);
        }
      });
    }
    return y;
  }

  /** Each stream a row of its own: {@code [M, N·C] → [M·N, C]}. */
  public static Matrix apart(Compute compute, Matrix x, int streams) {
    return inRows(compute, x, x.rows() * streams);
  }

  /** The way back of {@link #apart}: {@code [M·N, C] → [M, N·C]}. */
  public static Matrix together(Compute compute, Matrix x, int streams) {
    return inRows(compute, x, x.rows() / streams);
  }

  private static Matrix inRows(Compute compute, Matrix x, int rows) {
    Matrix y = compute.take(rows, x.size() / rows);
    System.arraycopy(x.data(), 0, y.data(), 0, x.size());
    if (compute.recording()) {
      compute.record(() -> compute.kernels().add(y.grad(), 0, x.grad(), 0, x.size()));
    }
    return y;
  }

  /**
   * y = Σ_n w_n·x_n.
   *
   * @param x {@code [M, N·C]}
   * @param w {@code [M, ≥ N]}, the weights first
   * @return {@code [M, C]}
   */
  public static Matrix collapse(Compute compute, Matrix x, Matrix w, int streams) {
    int width = x.cols() / streams;
    Matrix y = compute.zeros(x.rows(), width);
    Kernels kernels = compute.kernels();
    for (int row = 0; row < x.rows(); row++) {
      for (int n = 0; n < streams; n++) {
        float weight = w.data()[w.offset(row) + n];
        kernels.axpy(weight, x.data(), x.offset(row) + n * width, y.data(), y.offset(row), width);
      }
    }
    if (compute.recording()) {
      compute.record(() -> {
        for (int row = 0; row < x.rows(); row++) {
          for (int n = 0; n < streams; n++) {
            int source = x.offset(row) + n * width;
            pull(kernels, y, y.offset(row), w, w.offset(row) + n, x, source, width);
          }
        }
      });
    }
    return y;
  }

  /**
   * out_k = spread_k·y + Σ_j mix_{j,k}·x_j. Without a tape out takes the place of x.
   *
   * @param x {@code [M, N·C]}
   * @param y {@code [M, C]}
   * @param w {@code [M, N·(2 + N)]} as {@link StreamWeights} has them
   * @return {@code [M, N·C]}
   */
  public static Matrix spread(Compute compute, Matrix x, Matrix y, Matrix w, int streams) {
    Matrix out = compute.recording() ? compute.take(x.rows(), x.cols()) : x;
    compute.hyperStreamsSpread.run(x, y, w, streams, out);
    if (compute.recording()) {
      compute.record(() -> spreadBackward(compute.kernels(), x, y, w, streams, out));
    }
    return out;
  }

  /** The parallel loop: one item is one row, which may take the place of what it is made of. */
  static final class Spread implements Workers.Range {
    private final Compute compute;
    private float[][] rowOf = {};
    private Matrix x;
    private Matrix y;
    private Matrix w;
    private int streams;
    private Matrix out;

    Spread(Compute compute) {
      this.compute = compute;
    }

    void run(Matrix before, Matrix branch, Matrix weights, int count, Matrix result) {
      x = before;
      y = branch;
      w = weights;
      streams = count;
      out = result;
      if (rowOf.length == 0 || rowOf[0].length < x.cols()) {
        rowOf = new float[compute.workers().count()][x.cols()];
      }
      compute.forEach(x.rows(), (long) streams * x.cols(), this);
    }

    @Override
    public void run(int from, int to, int worker) {
      for (int row = from; row < to; row++) {
        spread(row, rowOf[worker]);
        System.arraycopy(rowOf[worker], 0, out.data(), out.offset(row), out.cols());
      }
    }

    private void spread(int row, float[] sum) {
      Kernels kernels = compute.kernels();
      int width = y.cols();
      int weights = w.offset(row) + streams;
      Arrays.fill(sum, 0, x.cols(), 0);
      for (int k = 0; k < streams; k++) {
        kernels.axpy(w.data()[weights + k], y.data(), y.offset(row), sum, k * width, width);
        for (int j = 0; j < streams; j++) {
          float mix = w.data()[weights + streams + j * streams + k];
          kernels.axpy(mix, x.data(), x.offset(row) + j * width, sum, k * width, width);
        }
      }
    }
  }

  private static void spreadBackward(
      Kernels kernels, Matrix x, Matrix y, Matrix w, int streams, Matrix out) {
    int width = y.cols();
    for (int row = 0; row < x.rows(); row++) {
      int weights = w.offset(row) + streams;
      for (int k = 0; k < streams; k++) {
        int target = out.offset(row) + k * width;
        pull(kernels, out, target, w, weights + k, y, y.offset(row), width);
        for (int j = 0; j < streams; j++) {
          int mix = weights + streams + j * streams + k;
          pull(kernels, out, target, w, mix, x, x.offset(row) + j * width, width);
        }
      }
    }
  }

  /** Backward of out += w·x: dx += w·dOut, dw += dOut·x. */
  private static void pull(
      Kernels kernels, Matrix out, int target, Matrix w, int weight, Matrix x, int source, int n) {
    kernels.axpy(w.data()[weight], out.grad(), target, x.grad(), source, n);
    w.grad()[weight] += kernels.dot(out.grad(), target, x.data(), source, n);
  }
}
