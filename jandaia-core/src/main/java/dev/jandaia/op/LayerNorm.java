package dev.jandaia.op;

import dev.jandaia.kernel.Workers;
import java.util.Optional;

/** LayerNorm (1607.06450): y = (x − mean(x))·r·w + b, r = 1/√(var(x) + epsilon), over each row. */
public final class LayerNorm {
  private LayerNorm() {}

  /**
   * @param x {@code [M, C]}
   * @param weight {@code [C]}
   * @param bias {@code [C]}
   * @return a new matrix {@code [M, C]}
   */
  public static Matrix apply(
      Compute compute,
      Matrix x,
      VectorParameter weight,
      Optional<VectorParameter> bias,
      float epsilon) {
    Matrix y = compute.take(x.rows(), x.cols());
    compute.layerNormForward.run(compute, x, weight, bias, epsilon, y);
    if (compute.recording()) {
      compute.record(() -> backward(x, weight, bias, epsilon, y));
    }
    return y;
  }

  private static float mean(float[] x, int offset, int width) {
    double sum = 0;
    for (int i = 0; i < width; i++) {
      sum += x[offset + i];
    }
    return (float) (sum / width);
  }

  private static float inverseDeviation(
      float[] x, int offset, int width, float mean, float epsilon) {
    double squares = 0;
    for (int i = 0; i < width; i++) {
      double centred = x[offset + i] - mean;
      squares += centred * centred;
    }
    return (float) (1 / Math.sqrt(squares / width + epsilon));
  }

  /** With n = (x − mean)·r: dx += r·(w·dy − mean(w·dy) − n·mean(w·dy·n)), dw += dy·n, db += dy. */
  private static void backward(
      Matrix x, VectorParameter weight, Optional<VectorParameter> bias, float epsilon, Matrix y) {
    int width = x.cols();
    float[] w = weight.values();
    for (int offset = 0; offset < x.size(); offset += width) {
      float mean = mean(x.data(), offset, width);
      float r = inverseDeviation(x.data(), offset, width, mean, epsilon);
      double sum = 0;
      double projection = 0;
      for (int i = 0; i < width; i++) {
        double weighted = (double) w[i] * y.grad()[offset + i];
        sum += weighted;
        projection += weighted * (x.data()[offset + i] - mean) * r;
      }
      for (int i = 0; i < width; i++) {
        float n = (x.data()[offset + i] - mean) * r;
        float dy = y.grad()[offset + i];
        x.grad()[offset + i] += (float) (r * (w[i] * dy - sum / width - n * projection / width));
        if (weight.trainable()) {
          weight.grad()[i] += dy * n;
        }
        if (bias.isPresent() && bias.get().trainable()) {
          bias.get().grad()[i] += dy;
        }
      }
    }
  }

  static final class Forward implements Workers.Range {
    private Matrix x;
    private float[] weight;
    private Optional<VectorParameter> bias = Optional.empty();
    private float epsilon;
    private Matrix y;

    void run(
        Compute compute,
        Matrix input,
        VectorParameter w,
        Optional<VectorParameter> b,
        float eps,
        Matrix output) {
      x = input;
      weight = w.values();
      bias = b;
      epsilon = eps;
      y = output;
      compute.forEach(x.rows(), x.cols(), this);
    }

    @Override
    public void run(int from, int to, int worker) {
      int width = x.cols();
      for (int offset = x.offset(from); offset < x.offset(to); offset += width) {
        float mean = mean(x.data(), offset, width);
        float r = inverseDeviation(x.data(), offset, width, mean, epsilon);
        for (int i = 0; i < width; i++) {
          float shift = bias.isPresent() ? bias.get().values()[i] : 0;
          y.data()[offset + i] = (x.data()[offset + i] - mean) * r * weight[i] + shift;
        }
      }
    }
  }
}
