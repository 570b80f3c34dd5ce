package dev.jandaia.op;

/** RMSNorm, row by row. */
final class NormalisedRows extends MadeRows {
  private Matrix x;
  private float[] gain;
  private float epsilon;

  NormalisedRows(Matrix all) {
    super(all);
  }

  NormalisedRows of(Compute compute, Matrix newX, float[] newGain, float newEpsilon) {
    x = newX;
    gain = newGain;
    epsilon = newEpsilon;
    begin(compute, x.rows(), x.cols());
    return this;
  }

  @Override
  public void make(int row, float[] out, int outOffset) {
    RmsNorm.normalise(
        compute().kernels(), x.data(), x.offset(row), gain, epsilon, out, outOffset, x.cols());
  }
}
