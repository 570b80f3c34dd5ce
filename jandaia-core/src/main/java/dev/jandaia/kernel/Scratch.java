package dev.jandaia.kernel;

import dev.jandaia.kernel.packed.InputRows;

/**
 * Working memory of one thread, grown to the largest size asked for and then kept, so that kernels
 * allocate nothing in the steady state. Each purpose has its own array: two may be in use at once.
 */
final class Scratch {
  private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

  private float[] rows = new float[0];
  private float[] cached = new float[0];
  private float[] panel = new float[0];
  private float[] tile = new float[0];
  private float[] fewRows = new float[0];
  private float[] scales = new float[0];
  private float[] powers = new float[0];
  private float[] lanes = new float[0];
  private int[] codes = new int[0];
  private int[] sums = new int[0];
  private final InputRows inputRows = new InputRows();
  private short[] halves = new short[0];
  private float[] halfFloats = new float[0];

  static Scratch ofThread() {
    return OF_THREAD.get();
  }

  /** Decoded or gathered rows, row-major. */
  float[] rows(int length) {
    return rows.length >= length ? rows : (rows = new float[length]);
  }

  /** Rows of a cache, decoded. */
  float[] cached(int length) {
    return cached.length >= length ? cached : (cached = new float[length]);
  }

  /** A panel packed for the matrix tiles. */
  float[] panel(int length) {
    return panel.length >= length ? panel : (panel = new float[length]);
  }

  /** A small block of results or intermediate values. */
  float[] tile(int length) {
    return tile.length >= length ? tile : (tile = new float[length]);
  }

  /** The last rows of a matrix, filled up to a whole tile. */
  float[] fewRows(int length) {
    return fewRows.length >= length ? fewRows : (fewRows = new float[length]);
  }

  /** Half-precision scales of some weights. */
  short[] halves(int length) {
    return halves.length >= length ? halves : (halves = new short[length]);
  }

  /** Those as floats. */
  float[] halfFloats(int length) {
    return halfFloats.length >= length ? halfFloats : (halfFloats = new float[length]);
  }

  /** The unpacked scales of some weights. */
  float[] scales(int length) {
    return scales.length >= length ? scales : (scales = new float[length]);
  }

  /** Rounded activations. */
  int[] codes(int length) {
    return codes.length >= length ? codes : (codes = new int[length]);
  }

  /** Powers of e. */
  float[] powers(int length) {
    return powers.length >= length ? powers : (powers = new float[length]);
  }

  /** The lanes of sums that {@link LaneSums} adds up. */
  float[] lanes(int length) {
    return lanes.length >= length ? lanes : (lanes = new float[length]);
  }

  /** Sums of products of codes. */
  int[] sums(int length) {
    return sums.length >= length ? sums : (sums = new int[length]);
  }

  /** The rows of a product whose caller keeps none. */
  InputRows inputRows() {
    return inputRows;
  }
}
