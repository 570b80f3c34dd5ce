package dev.jandaia.kernel;

import static dev.jandaia.kernel.Lanes.COUNT;
import static dev.jandaia.kernel.Lanes.F32;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** One vector against a run of strided rows. */
final class VectorAttention {
  private VectorAttention() {}

  /** Four rows at a time share the loads of q. */
  static void dots(
      float[] q, int qo, float[] k, int ko, int stride, int count, int dim, float[] out, int oo) {
    int j = 0;
    for (; j <= count - 4; j += 4) {
      fourDots(q, qo, k, ko + j * stride, stride, dim, out, oo + j);
    }
    for (; j < count; j++) {
      out[oo + j] = VectorElementwise.dot(q, qo, k, ko + j * stride, dim);
    }
  }

  private static void fourDots(
      float[] q, int qo, float[] k, int ko, int stride, int dim, float[] out, int oo) {
    int k1 = ko + stride;
    int k2 = k1 + stride;
    int k3 = k2 + stride;
    FloatVector s0 = FloatVector.zero(F32);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int d = 0;
    for (; d <= dim - COUNT; d += COUNT) {
      FloatVector x = FloatVector.fromArray(F32, q, qo + d);
      s0 = x.fma(FloatVector.fromArray(F32, k, ko + d), s0);
      s1 = x.fma(FloatVector.fromArray(F32, k, k1 + d), s1);
      s2 = x.fma(FloatVector.fromArray(F32, k, k2 + d), s2);
      s3 = x.fma(FloatVector.fromArray(F32, k, k3 + d), s3);
    }
    float d0 = s0.reduceLanes(VectorOperators.ADD);
    float d1 = s1.reduceLanes(VectorOperators.ADD);
    float d2 = s2.reduceLanes(VectorOperators.ADD);
    float d3 = s3.reduceLanes(VectorOperators.ADD);
    for (; d < dim; d++) {
      float x = q[qo + d];
      d0 += x * k[ko + d];
      d1 += x * k[k1 + d];
      d2 += x * k[k2 + d];
      d3 += x * k[k3 + d];
    }
    out[oo] = d0;
    out[oo + 1] = d1;
    out[oo + 2] = d2;
    out[oo + 3] = d3;
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
