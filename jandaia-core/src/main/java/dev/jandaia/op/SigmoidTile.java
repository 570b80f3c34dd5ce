package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;

/** Each weight is σ(score + slope·distance), whatever the others are (SWAT, 2502.18845). */
final class SigmoidTile extends AttentionTile {
  private float[] slopes = {};

  SigmoidTile(Kernels kernels) {
    super(kernels);
  }

  /**
   * @param newSlopes {@code [H]}
   */
  void start(float[] newSlopes) {
    slopes = newSlopes;
  }

  @Override
  void weigh(int row, int distance, float[] scores, int offset, int count) {
    shape().cap(scores, offset, count);
    float slope = slopes[head(row)];
    for (int j = 0; j < count; j++) {
      scores[offset + j] = PointFunction.sigmoid(scores[offset + j] + slope * (distance - j));
    }
  }
}
