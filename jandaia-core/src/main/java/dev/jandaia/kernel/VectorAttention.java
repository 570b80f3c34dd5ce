package dev.jandaia.kernel;

import static dev.jandaia.kernel.Lanes.COUNT;
import static dev.jandaia.kernel.Lanes.F32;

import jdk.incubator.vector.FloatVector;

/** A few vectors against a run of strided rows. {@link AttentionTiles} is for many. */
final class VectorAttention {
  private VectorAttention() {}

  /** Four keys at a time share the loads of a query, and two queries those of the keys. */
  static void dots(
      float[] q,
      int qo,
      int qStride,
      int rows,
      float[] k,
      int ko,
      int kStride,
      int count,
      int dim,
      float[] out,
      int oo,
      int outStride) {
    float[] lanes = Scratch.ofThread().lanes(8 * COUNT);
    int r = 0;
    for (; r <= rows - 2; r += 2) {
      int at = qo + r * qStride;
      int to = oo + r * outStride;
      int j = 0;
      for (; j <= count - 4; j += 4) {
        int key = ko + j * kStride;
        eightDots(q, at, at + qStride, k, key, kStride, dim, lanes);
        finish(lanes, 0, q, at, k, key, kStride, dim, out, to + j);
        finish(lanes, 4 * COUNT, q, at + qStride, k, key, kStride, dim, out, to + outStride + j);
      }
      for (; j < count; j++) {
        int key = ko + j * kStride;
        out[to + j] = VectorElementwise.dot(q, at, k, key, dim);
        out[to + outStride + j] = VectorElementwise.dot(q, at + qStride, k, key, dim);
      }
    }
    if (r < rows) {
      dots(q, qo + r * qStride, k, ko, kStride, count, dim, out, oo + r * outStride);
    }
  }

  /** One query. */
  static void dots(
      float[] q, int qo, float[] k, int ko, int stride, int count, int dim, float[] out, int oo) {
    float[] lanes = Scratch.ofThread().lanes(8 * COUNT);
    int j = 0;
    for (; j <= count - 4; j += 4) {
      int key = ko + j * stride;
      fourDots(q, qo, k, key, stride, dim, lanes);
      finish(lanes, 0, q, qo, k, key, stride, dim, out, oo + j);
    }
    for (; j < count; j++) {
      out[oo + j] = VectorElementwise.dot(q, qo, k, ko + j * stride, dim);
    }
  }

  /** Leaves the lanes of four sums of the query at {@code qo}, then of that at {@code q1}. */
  private static void eightDots(
      float[] q, int qo, int q1, float[] k, int ko, int stride, int dim, float[] lanes) {
    int k1 = ko + stride;
    int k2 = k1 + stride;
    int k3 = k2 + stride;
    FloatVector s0 = FloatVector.zero(F32);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector t0 = s0;
    FloatVector t1 = s0;
    FloatVector t2 = s0;
    FloatVector t3 = s0;
    for (int d = 0; d <= dim - COUNT; d += COUNT) {
      FloatVector x = FloatVector.fromArray(F32, q, qo + d);
      FloatVector y = FloatVector.fromArray(F32, q, q1 + d);
      FloatVector z = FloatVector.fromArray(F32, k, ko + d);
      s0 = x.fma(z, s0);
      t0 = y.fma(z, t0);
      z = FloatVector.fromArray(F32, k, k1 + d);
      s1 = x.fma(z, s1);
      t1 = y.fma(z, t1);
      z = FloatVector.fromArray(F32, k, k2 + d);
      s2 = x.fma(z, s2);
      t2 = y.fma(z, t2);
      z = FloatVector.fromArray(F32, k, k3 + d);
      s3 = x.fma(z, s3);
      t3 = y.fma(z, t3);
    }
    s0.intoArray(lanes, 0);
    s1.intoArray(lanes, COUNT);
    s2.intoArray(lanes, 2 * COUNT);
    s3.intoArray(lanes, 3 * COUNT);
    t0.intoArray(lanes, 4 * COUNT);
    t1.intoArray(lanes, 5 * COUNT);
    t2.intoArray(lanes, 6 * COUNT);
    t3.intoArray(lanes, 7 * COUNT);
  }

  /** Leaves the lanes of four sums. */
  private static void fourDots(
      float[] q, int qo, float[] k, int ko, int stride, int dim, float[] lanes) {
    int k1 = ko + stride;
    int k2 = k1 + stride;
    int k3 = k2 + stride;
    FloatVector s0 = FloatVector.zero(F32);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int d = 0; d <= dim - COUNT; d += COUNT) {
      FloatVector x = FloatVector.fromArray(F32, q, qo + d);
      s0 = x.fma(FloatVector.fromArray(F32, k, ko + d), s0);
      s1 = x.fma(FloatVector.fromArray(F32, k, k1 + d), s1);
      s2 = x.fma(FloatVector.fromArray(F32, k, k2 + d), s2);
      s3 = x.fma(FloatVector.fromArray(F32, k, k3 + d), s3);
    }
    s0.intoArray(lanes, 0);
    s1.intoArray(lanes, COUNT);
    s2.intoArray(lanes, 2 * COUNT);
    s3.intoArray(lanes, 3 * COUNT);
  }

  /**
   * Adds the lanes of four sums, and what is left of the keys. Not part of what leaves them: C2
   * would reach its limit of nodes there.
   */
  private static void finish(
      float[] lanes,
      int at,
      float[] q,
      int qo,
      float[] k,
      int ko,
      int stride,
      int dim,
      float[] out,
      int oo) {
    out[oo] = LaneSums.of(lanes, at);
    out[oo + 1] = LaneSums.of(lanes, at + COUNT);
    out[oo + 2] = LaneSums.of(lanes, at + 2 * COUNT);
    out[oo + 3] = LaneSums.of(lanes, at + 3 * COUNT);
    for (int d = dim - dim % COUNT; d < dim; d++) {
      float x = q[qo + d];
      for (int i = 0; i < 4; i++) {
        out[oo + i] += x * k[ko + i * stride + d];
      }
    }
  }

  /** The sums of four vectors' worth of columns stay in registers over all rows. */
  static void weightedSum(
      float[] p, int po, float[] v, int vo, int stride, int count, int dim, float[] out, int oo) {
    int d = 0;
    for (; d <= dim - 4 * COUNT; d += 4 * COUNT) {
      fourColumns(p, po, v, vo + d, stride, count, out, oo + d);
    }
    for (; d <= dim - COUNT; d += COUNT) {
      FloatVector sum = FloatVector.fromArray(F32, out, oo + d);
      for (int j = 0, row = vo + d; j < count; j++, row += stride) {
        sum = FloatVector.fromArray(F32, v, row).fma(FloatVector.broadcast(F32, p[po + j]), sum);
      }
      sum.intoArray(out, oo + d);
    }
    for (; d < dim; d++) {
      float sum = out[oo + d];
      for (int j = 0; j < count; j++) {
        sum += p[po + j] * v[vo + j * stride + d];
      }
      out[oo + d] = sum;
    }
  }

  private static void fourColumns(
      float[] p, int po, float[] v, int vo, int stride, int count, float[] out, int oo) {
    FloatVector s0 = FloatVector.fromArray(F32, out, oo);
    FloatVector s1 = FloatVector.fromArray(F32, out, oo + COUNT);
    FloatVector s2 = FloatVector.fromArray(F32, out, oo + 2 * COUNT);
    FloatVector s3 = FloatVector.fromArray(F32, out, oo + 3 * COUNT);
    for (int j = 0, row = vo; j < count; j++, row += stride) {
      FloatVector x = FloatVector.broadcast(F32, p[po + j]);
      s0 = x.fma(FloatVector.fromArray(F32, v, row), s0);
      s1 = x.fma(FloatVector.fromArray(F32, v, row + COUNT), s1);
      s2 = x.fma(FloatVector.fromArray(F32, v, row + 2 * COUNT), s2);
      s3 = x.fma(FloatVector.fromArray(F32, v, row + 3 * COUNT), s3);
    }
    s0.intoArray(out, oo);
    s1.intoArray(out, oo + COUNT);
    s2.intoArray(out, oo + 2 * COUNT);
    s3.intoArray(out, oo + 3 * COUNT);
  }
}
