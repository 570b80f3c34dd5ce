package dev.jandaia.op;

/**
 * The coefficients of manifold-constrained hyper-connections (2512.24880) of N residual streams:
 * with logits z and one scale for each of the three parts,
 *
 * <ul>
 *   <li>collapse_n = σ(s_0·z_n + b_n) + ε,
 *   <li>spread_n = 2·σ(s_1·z_n + b_n),
 *   <li>mix = Sinkhorn(softmax over rows(s_2·z + b) + ε): columns, then rows and columns in turn,
 *       are divided by their sum + ε.
 * </ul>
 */
public final class StreamWeights {
  private StreamWeights() {}

  /**
   * The coefficients of a layer.
   *
   * @param z {@code [M, N·(2 + N)]}: collapse, spread, mix row by row
   * @param scale {@code [3]}
   * @param base b, {@code [N·(2 + N)]}
   * @param iterations how often columns are divided by their sums
   * @return {@code [M, N·(2 + N)]} in the order of z
   */
  public static Matrix apply(
      Compute compute,
      Matrix z,
      VectorParameter scale,
      VectorParameter base,
      int streams,
      int iterations,
      float epsilon) {
    Matrix out = compute.take(z.rows(), z.cols());
    float[] s = scale.values();
    float[] b = base.values();
    for (int row = 0; row < z.rows(); row++) {
      int at = z.offset(row);
      for (int i = 0; i < streams; i++) {
        int j = streams + i;
        out.data()[at + i] = PointFunction.sigmoid(s[0] * z.data()[at + i] + b[i]) + epsilon;
        out.data()[at + j] = 2 * PointFunction.sigmoid(s[1] * z.data()[at + j] + b[j]);
      }
      for (int i = 2 * streams; i < z.cols(); i++) {
        out.data()[at + i] = s[2] * z.data()[at + i] + b[i];
      }
      Sinkhorn.apply(out.data(), at + 2 * streams, streams, iterations, epsilon);
    }
    if (compute.recording()) {
      Sinkhorn sinkhorn = Sinkhorn.of(streams, iterations, epsilon);
      compute.record(() -> backward(z, scale, base, sinkhorn, epsilon, out));
    }
    return out;
  }

  /**
   * The coefficients of the collapse before the head alone.
   *
   * @param z {@code [M, N]}
   * @param scale {@code [1]}
   * @param base {@code [N]}
   * @return {@code [M, N]}
   */
  public static Matrix collapseOnly(
      Compute compute, Matrix z, VectorParameter scale, VectorParameter base, float epsilon) {
    Matrix out = compute.take(z.rows(), z.cols());
    for (int i = 0; i < z.size(); i++) {
      float logit = scale.values()[0] * z.data()[i] + base.values()[i % z.cols()];
      out.data()[i] = PointFunction.sigmoid(logit) + epsilon;
    }
    if (compute.recording()) {
      compute.record(() -> {
        for (int i = 0; i < z.size(); i++) {
          float sigmoid = out.data()[i] - epsilon;
          float slope = out.grad()[i] * sigmoid * (1 - sigmoid);
          addLogit(z, i, scale, 0, base, i % z.cols(), slope);
        }
      });
    }
    return out;
  }

  private static void backward(
      Matrix z,
      VectorParameter scale,
      VectorParameter base,
      Sinkhorn sinkhorn,
      float epsilon,
      Matrix out) {
    int streams = sinkhorn.size();
    float[] dMix = new float[streams * streams];
    float[] mix = new float[streams * streams];
    for (int row = 0; row < z.rows(); row++) {
      int at = z.offset(row);
      for (int i = 0; i < 2 * streams; i++) {
        boolean collapse = i < streams;
        float sigmoid = collapse ? out.data()[at + i] - epsilon : out.data()[at + i] / 2;
        float slope = (collapse ? 1 : 2) * sigmoid * (1 - sigmoid);
        addLogit(z, at + i, scale, collapse ? 0 : 1, base, i, out.grad()[at + i] * slope);
      }
      int first = 2 * streams;
      for (int i = 0; i < mix.length; i++) {
        mix[i] = scale.values()[2] * z.data()[at + first + i] + base.values()[first + i];
        dMix[i] = out.grad()[at + first + i];
      }
      sinkhorn.backward(mix, dMix);
      for (int i = 0; i < mix.length; i++) {
        addLogit(z, at + first + i, scale, 2, base, first + i, dMix[i]);
      }
    }
  }

  /** Adds the gradient of one logit s·z + b to those of s, z and b. */
  private static void addLogit(
      Matrix z,
      int index,
      VectorParameter scale,
      int part,
      VectorParameter base,
      int baseIndex,
      float dLogit) {
    z.grad()[index] += dLogit * scale.values()[part];
    if (scale.trainable()) {
      scale.grad()[part] += dLogit * z.data()[index];
    }
    if (base.trainable()) {
      base.grad()[baseIndex] += dLogit;
    }
  }
}
