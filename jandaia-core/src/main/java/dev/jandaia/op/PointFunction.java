package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;
import java.util.Arrays;

/** A function of one number, with its slope. */
public enum PointFunction {
  /** z·σ(z). */
  SILU {
    @Override
    public float value(float z) {
      return z * sigmoid(z);
    }

    @Override
    public float slope(float z) {
      float sigmoid = sigmoid(z);
      return sigmoid * (1 + z * (1 - sigmoid));
    }

    @Override
    void apply(Kernels kernels, float[] x, float[] y, int offset, int length) {
      for (int i = 0; i < length; i += ONES.length) {
        int count = Math.min(ONES.length, length - i);
        kernels.siluMultiply(x, offset + i, ONES, 0, y, offset + i, count);
      }
    }
  },

  /** z·Φ(z), Φ the normal distribution function. */
  GELU {
    @Override
    public float value(float z) {
      return (float) (z * NormalDistribution.cumulative(z));
    }

    @Override
    public float slope(float z) {
      return (float) (NormalDistribution.cumulative(z) + z * NormalDistribution.density(z));
    }
  },

  /** z/2·(1 + tanh(√(2/π)·(z + 0.044715 z³))). */
  GELU_TANH {
    @Override
    public float value(float z) {
      return (float) (0.5 * z * (1 + Math.tanh(inner(z))));
    }

    @Override
    public float slope(float z) {
      double tanh = Math.tanh(inner(z));
      double innerSlope = SQRT_2_OVER_PI * (1 + 3 * CUBIC * z * z);
      return (float) (0.5 * (1 + tanh) + 0.5 * z * (1 - tanh * tanh) * innerSlope);
    }

    private static double inner(double z) {
      return SQRT_2_OVER_PI * (z + CUBIC * z * z * z);
    }
  },

  /** max(z, 0). */
  RELU {
    @Override
    public float value(float z) {
      return Math.max(z, 0);
    }

    @Override
    public float slope(float z) {
      return z > 0 ? 1 : 0;
    }
  },

  /** max(z, 0)². */
  RELU_SQUARED {
    @Override
    public float value(float z) {
      float positive = Math.max(z, 0);
      return positive * positive;
    }

    @Override
    public float slope(float z) {
      return 2 * Math.max(z, 0);
    }
  },

  /** tanh(z). */
  TANH {
    @Override
    public float value(float z) {
      return (float) Math.tanh(z);
    }

    @Override
    public float slope(float z) {
      double tanh = Math.tanh(z);
      return (float) (1 - tanh * tanh);
    }
  },

  /** σ(z) = 1/(1 + exp(−z)). */
  SIGMOID {
    @Override
    public float value(float z) {
      return sigmoid(z);
    }

    @Override
    public float slope(float z) {
      float sigmoid = sigmoid(z);
      return sigmoid * (1 - sigmoid);
    }
  };

  /** What SiLU multiplies with where nothing is gated. */
  private static final float[] ONES = new float[1024];

  static {
    Arrays.fill(ONES, 1);
  }

  private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
  private static final double CUBIC = 0.044715;

  public abstract float value(float z);

  public abstract float slope(float z);

  /** y[i] = value(x[i]) for i in offset … offset + length − 1. */
  void apply(Kernels kernels, float[] x, float[] y, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      y[i] = value(x[i]);
    }
  }

  static float sigmoid(float z) {
    return (float) (1 / (1 + Math.exp(-z)));
  }
}
