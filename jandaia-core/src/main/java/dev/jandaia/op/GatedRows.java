package dev.jandaia.op;

/** f(gate, up), row by row. */
final class GatedRows extends MadeRows {
  private Matrix gate;
  private Matrix up;
  private GateFunction function;

  GatedRows(Matrix all) {
    super(all);
  }

  GatedRows of(Compute compute, Matrix newGate, Matrix newUp, GateFunction newFunction) {
    gate = newGate;
    up = newUp;
    function = newFunction;
    begin(compute, gate.rows(), gate.cols());
    return this;
  }

  @Override
  public void make(int row, float[] out, int outOffset) {
    function.apply(
        compute().kernels(), gate.data(), up.data(), gate.offset(row), out, outOffset, gate.cols());
  }
}
