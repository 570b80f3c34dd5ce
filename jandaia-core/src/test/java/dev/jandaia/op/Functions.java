package dev.jandaia.op;

/** Float64 twins of {@link PointFunction}. */
final class Functions {
  private Functions() {}

  static double value(PointFunction function, double z) {
    return switch (function) {
      case SILU -> z * sigmoid(z);
      case GELU -> z * normalCumulative(z);
      case GELU_TANH ->
          0.5 * z * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z * z * z)));
      case RELU -> Math.max(z, 0);
      case TANH -> Math.tanh(z);
      case SIGMOID -> sigmoid(z);
      case RELU_SQUARED -> Math.max(z, 0) * Math.max(z, 0);
    };
  }

  static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }

  /** Simpson's rule over the density from 0 to z. */
  private static double normalCumulative(double z) {
    int steps = 40;
    double width = z / steps;
    double sum = density(0) + density(z);
    for (int i = 1; i < steps; i++) {
      sum += (i % 2 == 1 ? 4 : 2) * density(i * width);
    }
    return 0.5 + sum * width / 3;
  }

  private static double density(double z) {
    return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }
}
