package dev.jandaia.kernel;

import static dev.jandaia.kernel.Lanes.COUNT;
import static dev.jandaia.kernel.Lanes.F32;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/** Transposes small strided matrices: out[c, r] = in[r, c]. */
final class Transpose {
  /** Floats of working memory that {@link #run} needs. */
  static final int SCRATCH = 2 * COUNT * COUNT;

  private static final VectorShuffle<Float> ZIP_LOW = VectorShuffle.makeZip(F32, 0);
  private static final VectorShuffle<Float> ZIP_HIGH = VectorShuffle.makeZip(F32, 1);

  private Transpose() {}

  /** Transposes {@code in [rows, cols]} into {@code out [cols, rows]}, both with row strides. */
  static void run(
      float[] in,
      int inOffset,
      int inStride,
      int rows,
      int cols,
      float[] out,
      int outOffset,
      int outStride,
      float[] scratch) {
    int r = 0;
    for (; r <= rows - COUNT; r += COUNT) {
      int c = 0;
      for (; c <= cols - COUNT; c += COUNT) {
        int from = inOffset + r * inStride + c;
        square(in, from, inStride, out, outOffset + c * outStride + r, outStride, scratch);
      }
      plain(in, inOffset, inStride, r, r + COUNT, c, cols, out, outOffset, outStride);
    }
    plain(in, inOffset, inStride, r, rows, 0, cols, out, outOffset, outStride);
  }

  /**
   * A square of one vector's size. Zipping the first half of the rows with the second moves the top
   * bit of each row number to the bottom of the column number; log₂(size) times is a transposition.
   */
  private static void square(
      float[] in, int from, int inStride, float[] out, int to, int outStride, float[] scratch) {
    int half = SCRATCH / 2;
    zipRows(in, from, inStride, scratch, 0, COUNT);
    int source = 0;
    for (int size = 4; size < COUNT; size *= 2) {
      zipRows(scratch, source, COUNT, scratch, half - source, COUNT);
      source = half - source;
    }
    zipRows(scratch, source, COUNT, out, to, outStride);
  }

  private static void zipRows(float[] in, int from, int inStride, float[] out, int to, int stride) {
    for (int i = 0; i < COUNT / 2; i++) {
      FloatVector a = FloatVector.fromArray(F32, in, from + i * inStride);
      FloatVector b = FloatVector.fromArray(F32, in, from + (i + COUNT / 2) * inStride);
      a.rearrange(ZIP_LOW, b).intoArray(out, to + 2 * i * stride);
      a.rearrange(ZIP_HIGH, b).intoArray(out, to + (2 * i + 1) * stride);
    }
  }

  private static void plain(
      float[] in,
      int inOffset,
      int inStride,
      int fromRow,
      int toRow,
      int fromCol,
      int toCol,
      float[] out,
      int outOffset,
      int outStride) {
    for (int c = fromCol; c < toCol; c++) {
      for (int r = fromRow; r < toRow; r++) {
        out[outOffset + c * outStride + r] = in[inOffset + r * inStride + c];
      }
    }
  }
}
