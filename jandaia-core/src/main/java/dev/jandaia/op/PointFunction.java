package dev.jandaia.op;

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

  private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
  private static final double CUBIC = 0.044715;

  public abstract float value(float z);

  public abstract float slope(float z);

  static float sigmoid(float z) {
    return (float) (1 / (1 + Math.exp(-z)));
  }
}
