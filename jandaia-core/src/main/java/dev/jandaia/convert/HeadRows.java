package dev.jandaia.convert;

/**
 * A projection to heads, row by row.
 *
 * @param weight {@code [rows][C]}
 * @param bias {@code [rows][1]}, zeros where it has none
 */
record HeadRows(double[][] weight, double[][] bias) {

  /**
   * The weights as normalised rows of length √C meet them, and the bias as the constant 1 does:
   * {@code [rows][C + 1]}.
   *
   * @param gain weight of the norm before, {@code [C]}
   */
  double[][] weighted(float[] gain) {
    double[][] weighted = new double[weight.length][gain.length + 1];
    for (int i = 0; i < weight.length; i++) {
      for (int c = 0; c < gain.length; c++) {
        weighted[i][c] = weight[i][c] * gain[c];
      }
      weighted[i][gain.length] = bias[i][0];
    }
    return weighted;
  }
}
