package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.op.HeadBands.Band;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HeadBandsTest {
  /** M, heads, rows per head, columns of the weight; the last is work for several threads. */
  private static final int[][] SIZES = {{1, 1, 2, 1}, {3, 2, 5, 7}, {1, 4, 24, 40}, {9, 4, 24, 40}};

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void eachHeadUsesItsOwnBandOfRows(Setup setup) {
    setup.run(compute -> {
      for (int[] size : SIZES) {
        int heads = size[1];
        int step = size[2];
        int cols = size[3];
        int first = step / 3;
        int count = step - first;
        GradientCheck check = new GradientCheck(compute, 1);
        MatrixParameter weight = check.weight(heads * step, cols);
        Band band = new Band(first, step, count);

        Matrix narrow = check.matrix(size[0], heads * (count + 1));
        Matrix wide = compute.zeros(size[0], heads * (cols + 2));
        HeadBands.multiplyTransposed(compute, narrow, count + 1, weight, band, wide, cols + 2);
        Matrix back = compute.zeros(size[0], heads * (count + 3));
        HeadBands.multiply(compute, wide, cols + 2, weight, band, back, count + 3);

        float[] w = weights(weight);
        for (int row = 0; row < size[0]; row++) {
          for (int h = 0; h < heads; h++) {
            int bandStart = (h * step + first) * cols;
            for (int c = 0; c < cols; c++) {
              double sum = 0;
              for (int r = 0; r < count; r++) {
                double x = narrow.data()[narrow.offset(row) + h * (count + 1) + r];
                sum += x * w[bandStart + r * cols + c];
              }
              float actual = wide.data()[wide.offset(row) + h * (cols + 2) + c];
              assertEquals(sum, actual, 1e-5 * (1 + Math.abs(sum)));
            }
            for (int r = 0; r < count; r++) {
              double sum = 0;
              double magnitude = 1;
              for (int c = 0; c < cols; c++) {
                double x = wide.data()[wide.offset(row) + h * (cols + 2) + c];
                sum += x * w[bandStart + r * cols + c];
                magnitude += Math.abs(x);
              }
              float actual = back.data()[back.offset(row) + h * (count + 3) + r];
              assertEquals(sum, actual, 1e-6 * magnitude);
            }
            assertEquals(0, wide.data()[wide.offset(row) + h * (cols + 2) + cols], "a gap");
            assertEquals(0, back.data()[back.offset(row) + h * (count + 3) + count], "a gap");
          }
        }
        compute.release(0);
      }
    });
  }

  private static float[] weights(MatrixParameter weight) {
    float[] w = new float[weight.rows() * weight.cols()];
    for (int r = 0; r < weight.rows(); r++) {
      weight.weight().decodeRow(r, w, r * weight.cols());
    }
    return w;
  }
}
