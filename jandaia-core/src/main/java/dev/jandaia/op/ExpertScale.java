package dev.jandaia.op;

/** w'[m, j] = w[m, j]·s[e], e the j-th expert of token m: a learned factor for each expert. */
public final class ExpertScale {
  private ExpertScale() {}

  /**
   * @param weights {@code [M, topK]}, as {@link Route} gives them with {@code plan}
   * @param scale {@code [E]}
   * @return {@code [M, topK]}
   */
  public static Matrix apply(
      Compute compute, Matrix weights, ExpertPlan plan, VectorParameter scale) {
    Matrix scaled = compute.take(weights.rows(), weights.cols());
    for (int row = 0; row < weights.rows(); row++) {
      for (int j = 0; j < weights.cols(); j++) {
        int i = weights.offset(row) + j;
        scaled.data()[i] = weights.data()[i] * scale.values()[plan.chosen(row, j)];
      }
    }
    if (compute.recording()) {
      int[] chosen = plan.copyOfChosen();
      compute.record(() -> backward(weights, chosen, scale, scaled));
    }
    return scaled;
  }

  /** dw += s[e]·dw', ds[e] += w·dw'. */
  private static void backward(Matrix weights, int[] chosen, VectorParameter scale, Matrix scaled) {
    for (int i = 0; i < weights.size(); i++) {
      weights.grad()[i] += scale.values()[chosen[i]] * scaled.grad()[i];
      if (scale.trainable()) {
        scale.grad()[chosen[i]] += weights.data()[i] * scaled.grad()[i];
      }
    }
  }
}
