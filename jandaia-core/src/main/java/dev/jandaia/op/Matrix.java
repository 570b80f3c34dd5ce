package dev.jandaia.op;

/**
 * Activations: one row per token, {@code [rows, cols]} f32, row-major and dense. Taken from a
 * {@link Workspace}, which owns the memory and will hand it out again; while a tape records, each
 * matrix also has a gradient of the same layout.
 */
public final class Matrix implements RowSource {
  private int rows;
  private int cols;
  private float[] data = {};
  private float[] grad = {};

  Matrix() {}

  /** A matrix outside any workspace, for tests and results that outlive a pass. */
  public static Matrix of(int rows, int cols) {
    Matrix matrix = new Matrix();
    matrix.reshape(rows, cols, true);
    return matrix;
  }

  void reshape(int newRows, int newCols, boolean withGrad) {
    int size = Math.multiplyExact(newRows, newCols);
    rows = newRows;
    cols = newCols;
    if (data.length < size) {
      data = new float[size];
    }
    if (withGrad && grad.length < size) {
      grad = new float[size];
    }
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int cols() {
    return cols;
  }

  @Override
  public Matrix matrix() {
    return this;
  }

  /** The elements; the array may be longer than rows × cols. */
  public float[] data() {
    return data;
  }

  /** ∂loss/∂data in the same layout; meaningful while a tape records. */
  public float[] grad() {
    return grad;
  }

  /** Index of the first element of a row. */
  public int offset(int row) {
    return row * cols;
  }

  /** rows × cols. */
  public int size() {
    return rows * cols;
  }
}
