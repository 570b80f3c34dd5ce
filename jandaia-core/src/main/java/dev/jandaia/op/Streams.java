package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;

/**
 * Several residual streams in one matrix {@code [n·M, C]}, stream after stream, as AltUp
 * (2301.13310) has them. Row m of stream s is row s·M + m.
 */
public final class Streams {
  private Streams() {}

  /** A copy of stream {@code s} of {@code n}: {@code [n·M, C] → [M, C]}. */
  public static Matrix one(Compute compute, Matrix x, int s, int n) {
    Matrix y = compute.take(x.rows() / n, x.cols());
    int offset = s * y.size();
    System.arraycopy(x.data(), offset, y.data(), 0, y.size());
    if (compute.recording()) {
      compute.record(() -> compute.kernels().add(y.grad(), 0, x.grad(), offset, y.size()));
    }
    return y;
  }

  /** Makes {@code x [M, C]} stream {@code s} of {@code streams [n·M, C]}. */
  public static void put(Compute compute, Matrix x, Matrix streams, int s) {
    int offset = s * x.size();
    System.arraycopy(x.data(), 0, streams.data(), offset, x.size());
    if (compute.recording()) {
      compute.record(() -> compute.kernels().add(streams.grad(), offset, x.grad(), 0, x.size()));
    }
  }

  /**
   * y_j = x_j + Σ_i c[m, j·n + i]·x_i: predicts each stream from all.
   *
   * @param x {@code [n·M, C]}
   * @param coefficients {@code [M, n²]}
   * @return {@code [n·M, C]}
   */
  public static Matrix mix(Compute compute, Matrix x, Matrix coefficients, int n) {
    Matrix y = compute.take(x.rows(), x.cols());
    System.arraycopy(x.data(), 0, y.data(), 0, x.size());
    int rows = coefficients.rows();
    for (int m = 0; m < rows; m++) {
      for (int ji = 0; ji < n * n; ji++) {
        float c = coefficients.data()[coefficients.offset(m) + ji];
        int to = y.offset(ji / n * rows + m);
        compute.kernels().axpy(c, x.data(), x.offset(ji % n * rows + m), y.data(), to, x.cols());
      }
    }
    if (compute.recording()) {
      compute.record(() -> mixBackward(compute.kernels(), x, coefficients, n, y));
    }
    return y;
  }

  /** dx_j += dy_j, dx_i += Σ_j c[j·n + i]·dy_j, dc[j·n + i] += x_i·dy_j. */
  private static void mixBackward(Kernels kernels, Matrix x, Matrix coefficients, int n, Matrix y) {
    kernels.add(y.grad(), 0, x.grad(), 0, x.size());
    int rows = coefficients.rows();
    for (int m = 0; m < rows; m++) {
      for (int ji = 0; ji < n * n; ji++) {
        int c = coefficients.offset(m) + ji;
        int from = x.offset(ji % n * rows + m);
        int to = y.offset(ji / n * rows + m);
        kernels.axpy(coefficients.data()[c], y.grad(), to, x.grad(), from, x.cols());
        coefficients.grad()[c] += kernels.dot(x.data(), from, y.grad(), to, x.cols());
      }
    }
  }

  /**
   * y_j = p_j + (1 + c[m, j])·(after − p_active): corrects each prediction by how wrong that of the
   * active stream was. Without a tape y takes the place of {@code target}.
   *
   * @param target {@code [n·M, C]}
   * @param predictions {@code [n·M, C]}, p
   * @param after {@code [M, C]}, what the layer has made of p_active
   * @param coefficients {@code [M, n]}
   * @return {@code [n·M, C]}
   */
  public static Matrix correct(
      Compute compute,
      Matrix target,
      Matrix predictions,
      int active,
      Matrix after,
      Matrix coefficients) {
    Matrix y = compute.recording() ? compute.take(predictions.rows(), predictions.cols()) : target;
    int rows = after.rows();
    for (int j = 0; j < coefficients.cols(); j++) {
      for (int m = 0; m < rows; m++) {
        float factor = 1 + coefficients.data()[coefficients.offset(m) + j];
        int row = predictions.offset(j * rows + m);
        int was = predictions.offset(active * rows + m);
        int is = after.offset(m);
        for (int i = 0; i < after.cols(); i++) {
          float error = after.data()[is + i] - predictions.data()[was + i];
          y.data()[row + i] = predictions.data()[row + i] + factor * error;
        }
      }
    }
    if (compute.recording()) {
      compute.record(() -> correctBackward(predictions, active, after, coefficients, y));
    }
    return y;
  }

  /**
   * dp_j += dy_j, dAfter += Σ_j (1 + c_j)·dy_j, dp_active −= the same, dc_j += (after −
   * p_active)·dy_j.
   */
  private static void correctBackward(
      Matrix predictions, int active, Matrix after, Matrix coefficients, Matrix y) {
    int rows = after.rows();
    for (int j = 0; j < coefficients.cols(); j++) {
      for (int m = 0; m < rows; m++) {
        int c = coefficients.offset(m) + j;
        float factor = 1 + coefficients.data()[c];
        int row = predictions.offset(j * rows + m);
        int was = predictions.offset(active * rows + m);
        int is = after.offset(m);
        for (int i = 0; i < after.cols(); i++) {
          float dy = y.grad()[row + i];
          predictions.grad()[row + i] += dy;
          after.grad()[is + i] += factor * dy;
          predictions.grad()[was + i] -= factor * dy;
          coefficients.grad()[c] += (after.data()[is + i] - predictions.data()[was + i]) * dy;
        }
      }
    }
  }

  /**
   * Adds {@code y [M, C]} in place to every stream of {@code x [n·M, C]} but the first, and returns
   * x.
   */
  public static Matrix addToOthers(Compute compute, Matrix x, Matrix y, int n) {
    for (int s = 1; s < n; s++) {
      compute.kernels().add(y.data(), 0, x.data(), s * y.size(), y.size());
    }
    if (compute.recording()) {
      compute.record(() -> {
        for (int s = 1; s < n; s++) {
          compute.kernels().add(x.grad(), s * y.size(), y.grad(), 0, y.size());
        }
      });
    }
    return x;
  }
}
