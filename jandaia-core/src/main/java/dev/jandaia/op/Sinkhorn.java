package dev.jandaia.op;

/**
 * Makes a small square matrix nearly doubly stochastic: softmax over each row, + ε, then columns,
 * and (iterations − 1) times rows and columns, divided by their sum + ε (Sinkhorn–Knopp).
 *
 * @param size rows, and columns
 * @param divisions how often columns or rows are divided, in turn: 2·iterations − 1
 */
record Sinkhorn(int size, int divisions, float epsilon) {

  static Sinkhorn of(int size, int iterations, float epsilon) {
    return new Sinkhorn(size, 2 * iterations - 1, epsilon);
  }

  /** Transforms the matrix of logits that begins at {@code at}, in place. */
  static void apply(float[] x, int at, int size, int iterations, float epsilon) {
    for (int row = 0; row < size; row++) {
      softmax(x, at + row * size, size, epsilon);
    }
    for (int i = 0; i < 2 * iterations - 1; i++) {
      divide(x, at, size, i, epsilon);
    }
  }

  /** Turns the gradient of the result into that of the {@code logits}, in place. */
  void backward(float[] logits, float[] gradient) {
    float[][] steps = new float[divisions + 1][];
    steps[0] = logits.clone();
    for (int row = 0; row < size; row++) {
      softmax(steps[0], row * size, size, epsilon);
    }
    for (int i = 0; i < divisions; i++) {
      steps[i + 1] = steps[i].clone();
      divide(steps[i + 1], 0, size, i, epsilon);
    }
    for (int i = divisions - 1; i >= 0; i--) {
      for (int line = 0; line < size; line++) {
        undoDivision(steps[i], steps[i + 1], gradient, first(i, line, size), stride(i, size));
      }
    }
    for (int row = 0; row < size; row++) {
      undoSoftmax(steps[0], gradient, row * size);
    }
  }

  /** Even divisions go by columns, odd ones by rows. */
  private static int stride(int division, int size) {
    return division % 2 == 0 ? size : 1;
  }

  private static int first(int division, int line, int size) {
    return division % 2 == 0 ? line : line * size;
  }

  private static void softmax(float[] x, int at, int size, float epsilon) {
    double maximum = Double.NEGATIVE_INFINITY;
    for (int i = at; i < at + size; i++) {
      maximum = Math.max(maximum, x[i]);
    }
    double sum = 0;
    for (int i = at; i < at + size; i++) {
      sum += Math.exp(x[i] - maximum);
    }
    for (int i = at; i < at + size; i++) {
      x[i] = (float) (Math.exp(x[i] - maximum) / sum) + epsilon;
    }
  }

  private static void divide(float[] x, int at, int size, int division, float epsilon) {
    int stride = stride(division, size);
    for (int line = 0; line < size; line++) {
      int first = at + first(division, line, size);
      float divisor = divisor(x, first, stride, size, epsilon);
      for (int i = 0; i < size; i++) {
        x[first + i * stride] /= divisor;
      }
    }
  }

  private static float divisor(float[] x, int at, int stride, int size, float epsilon) {
    float sum = 0;
    for (int i = 0; i < size; i++) {
      sum += x[at + i * stride];
    }
    return sum + epsilon;
  }

  /** With y = x/(Σx + ε): dx_i = (dy_i − Σ_j dy_j·y_j)/(Σx + ε). */
  private void undoDivision(float[] x, float[] y, float[] gradient, int at, int stride) {
    float projection = 0;
    for (int i = 0; i < size; i++) {
      projection += gradient[at + i * stride] * y[at + i * stride];
    }
    float divisor = divisor(x, at, stride, size, epsilon);
    for (int i = 0; i < size; i++) {
      gradient[at + i * stride] = (gradient[at + i * stride] - projection) / divisor;
    }
  }

  /** With p = softmax(z): dz_i = p_i·(dp_i − Σ_j dp_j·p_j). */
  private void undoSoftmax(float[] started, float[] gradient, int at) {
    float projection = 0;
    for (int i = at; i < at + size; i++) {
      projection += gradient[i] * (started[i] - epsilon);
    }
    for (int i = at; i < at + size; i++) {
      gradient[i] = (started[i] - epsilon) * (gradient[i] - projection);
    }
  }
}
