package dev.jandaia.kernel;

import static dev.jandaia.kernel.Lanes.COUNT;
import static dev.jandaia.kernel.Lanes.F32;

import jdk.incubator.vector.FloatVector;

/**
 * The innermost step of every matrix product: six rows of A times a packed panel of B, with the
 * results held in registers until the whole depth has been summed.
 *
 * <p>A panel {@code [depth, width]} is dense, its width {@link #WIDE} or {@link #NARROW} floats.
 * Sums are written out one by one, because C2 keeps vectors in registers only when they are local
 * variables, and without a condition on them, which would make them objects. 512-bit machines have
 * 32 registers (24 sums, 4 of the panel, 1 of A); with 16 registers 12 sums fit.
 */
final class MatrixTile {
  /** Rows of A per tile. */
  static final int ROWS = 6;

  /** Columns of a narrow panel. */
  static final int NARROW = 2 * COUNT;

  /** Columns of the widest panel that this machine has registers for. */
  static final int WIDE = COUNT >= 16 ? 2 * NARROW : NARROW;

  private MatrixTile() {}

  /**
   * c[i, j] += Σ_k a[i, k]·panel[k, j], i in 0..6, j in 0..width; {@code as}, {@code cs} are row
   * strides.
   */
  static void add(
      float[] a, int ao, int as, float[] panel, int width, int depth, float[] c, int co, int cs) {
    if (width == NARROW) {
      narrow(a, ao, as, panel, depth, c, co, cs);
    } else {
      wide(a, ao, as, panel, depth, c, co, cs);
    }
  }

  /** 6 × 4 registers. */
  private static void wide(
      float[] a, int ao, int as, float[] panel, int depth, float[] c, int co, int cs) {
    int a1 = ao + as;
    int a2 = a1 + as;
    int a3 = a2 + as;
    int a4 = a3 + as;
    int a5 = a4 + as;
    int c1 = co + cs;
    int c2 = c1 + cs;
    int c3 = c2 + cs;
    int c4 = c3 + cs;
    int c5 = c4 + cs;
    FloatVector s0a = load(c, co);
    FloatVector s0b = load(c, co + COUNT);
    FloatVector s0c = load(c, co + 2 * COUNT);
    FloatVector s0d = load(c, co + 3 * COUNT);
    FloatVector s1a = load(c, c1);
    FloatVector s1b = load(c, c1 + COUNT);
    FloatVector s1c = load(c, c1 + 2 * COUNT);
    FloatVector s1d = load(c, c1 + 3 * COUNT);
    FloatVector s2a = load(c, c2);
    FloatVector s2b = load(c, c2 + COUNT);
    FloatVector s2c = load(c, c2 + 2 * COUNT);
    FloatVector s2d = load(c, c2 + 3 * COUNT);
    FloatVector s3a = load(c, c3);
    FloatVector s3b = load(c, c3 + COUNT);
    FloatVector s3c = load(c, c3 + 2 * COUNT);
    FloatVector s3d = load(c, c3 + 3 * COUNT);
    FloatVector s4a = load(c, c4);
    FloatVector s4b = load(c, c4 + COUNT);
    FloatVector s4c = load(c, c4 + 2 * COUNT);
    FloatVector s4d = load(c, c4 + 3 * COUNT);
    FloatVector s5a = load(c, c5);
    FloatVector s5b = load(c, c5 + COUNT);
    FloatVector s5c = load(c, c5 + 2 * COUNT);
    FloatVector s5d = load(c, c5 + 3 * COUNT);
    for (int k = 0, p = 0; k < depth; k++, p += 4 * COUNT) {
      FloatVector pa = load(panel, p);
      FloatVector pb = load(panel, p + COUNT);
      FloatVector pc = load(panel, p + 2 * COUNT);
      FloatVector pd = load(panel, p + 3 * COUNT);
      FloatVector x = FloatVector.broadcast(F32, a[ao + k]);
      s0a = x.fma(pa, s0a);
      s0b = x.fma(pb, s0b);
      s0c = x.fma(pc, s0c);
      s0d = x.fma(pd, s0d);
      x = FloatVector.broadcast(F32, a[a1 + k]);
      s1a = x.fma(pa, s1a);
      s1b = x.fma(pb, s1b);
      s1c = x.fma(pc, s1c);
      s1d = x.fma(pd, s1d);
      x = FloatVector.broadcast(F32, a[a2 + k]);
      s2a = x.fma(pa, s2a);
      s2b = x.fma(pb, s2b);
      s2c = x.fma(pc, s2c);
      s2d = x.fma(pd, s2d);
      x = FloatVector.broadcast(F32, a[a3 + k]);
      s3a = x.fma(pa, s3a);
      s3b = x.fma(pb, s3b);
      s3c = x.fma(pc, s3c);
      s3d = x.fma(pd, s3d);
      x = FloatVector.broadcast(F32, a[a4 + k]);
      s4a = x.fma(pa, s4a);
      s4b = x.fma(pb, s4b);
      s4c = x.fma(pc, s4c);
      s4d = x.fma(pd, s4d);
      x = FloatVector.broadcast(F32, a[a5 + k]);
      s5a = x.fma(pa, s5a);
      s5b = x.fma(pb, s5b);
      s5c = x.fma(pc, s5c);
      s5d = x.fma(pd, s5d);
    }
    s0a.intoArray(c, co);
    s0b.intoArray(c, co + COUNT);
    s0c.intoArray(c, co + 2 * COUNT);
    s0d.intoArray(c, co + 3 * COUNT);
    s1a.intoArray(c, c1);
    s1b.intoArray(c, c1 + COUNT);
    s1c.intoArray(c, c1 + 2 * COUNT);
    s1d.intoArray(c, c1 + 3 * COUNT);
    s2a.intoArray(c, c2);
    s2b.intoArray(c, c2 + COUNT);
    s2c.intoArray(c, c2 + 2 * COUNT);
    s2d.intoArray(c, c2 + 3 * COUNT);
    s3a.intoArray(c, c3);
    s3b.intoArray(c, c3 + COUNT);
    s3c.intoArray(c, c3 + 2 * COUNT);
    s3d.intoArray(c, c3 + 3 * COUNT);
    s4a.intoArray(c, c4);
    s4b.intoArray(c, c4 + COUNT);
    s4c.intoArray(c, c4 + 2 * COUNT);
    s4d.intoArray(c, c4 + 3 * COUNT);
    s5a.intoArray(c, c5);
    s5b.intoArray(c, c5 + COUNT);
    s5c.intoArray(c, c5 + 2 * COUNT);
    s5d.intoArray(c, c5 + 3 * COUNT);
  }

  /** 6 × 2 registers. */
  private static void narrow(
      float[] a, int ao, int as, float[] panel, int depth, float[] c, int co, int cs) {
    int a1 = ao + as;
    int a2 = a1 + as;
    int a3 = a2 + as;
    int a4 = a3 + as;
    int a5 = a4 + as;
    int c1 = co + cs;
    int c2 = c1 + cs;
    int c3 = c2 + cs;
    int c4 = c3 + cs;
    int c5 = c4 + cs;
    FloatVector s0a = load(c, co);
    FloatVector s0b = load(c, co + COUNT);
    FloatVector s1a = load(c, c1);
    FloatVector s1b = load(c, c1 + COUNT);
    FloatVector s2a = load(c, c2);
    FloatVector s2b = load(c, c2 + COUNT);
    FloatVector s3a = load(c, c3);
    FloatVector s3b = load(c, c3 + COUNT);
    FloatVector s4a = load(c, c4);
    FloatVector s4b = load(c, c4 + COUNT);
    FloatVector s5a = load(c, c5);
    FloatVector s5b = load(c, c5 + COUNT);
    for (int k = 0, p = 0; k < depth; k++, p += 2 * COUNT) {
      FloatVector pa = load(panel, p);
      FloatVector pb = load(panel, p + COUNT);
      FloatVector x = FloatVector.broadcast(F32, a[ao + k]);
      s0a = x.fma(pa, s0a);
      s0b = x.fma(pb, s0b);
      x = FloatVector.broadcast(F32, a[a1 + k]);
      s1a = x.fma(pa, s1a);
      s1b = x.fma(pb, s1b);
      x = FloatVector.broadcast(F32, a[a2 + k]);
      s2a = x.fma(pa, s2a);
      s2b = x.fma(pb, s2b);
      x = FloatVector.broadcast(F32, a[a3 + k]);
      s3a = x.fma(pa, s3a);
      s3b = x.fma(pb, s3b);
      x = FloatVector.broadcast(F32, a[a4 + k]);
      s4a = x.fma(pa, s4a);
      s4b = x.fma(pb, s4b);
      x = FloatVector.broadcast(F32, a[a5 + k]);
      s5a = x.fma(pa, s5a);
      s5b = x.fma(pb, s5b);
    }
    s0a.intoArray(c, co);
    s0b.intoArray(c, co + COUNT);
    s1a.intoArray(c, c1);
    s1b.intoArray(c, c1 + COUNT);
    s2a.intoArray(c, c2);
    s2b.intoArray(c, c2 + COUNT);
    s3a.intoArray(c, c3);
    s3b.intoArray(c, c3 + COUNT);
    s4a.intoArray(c, c4);
    s4b.intoArray(c, c4 + COUNT);
    s5a.intoArray(c, c5);
    s5b.intoArray(c, c5 + COUNT);
  }

  private static FloatVector load(float[] values, int offset) {
    return FloatVector.fromArray(F32, values, offset);
  }
}
