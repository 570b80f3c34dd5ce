package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;

/**
 * How gate g and linear path u meet in a gated unit, with the slopes that the backward pass needs.
 */
public interface GateFunction {

  /** out[i] = f(gate[i], up[i]) for i in offset … offset + length − 1. */
  void apply(Kernels kernels, float[] gate, float[] up, float[] out, int offset, int length);

  /** ∂f/∂g. */
  float gateSlope(float g, float u);

  /** ∂f/∂u. */
  float upSlope(float g, float u);

  /** dGate[i] += dOut[i]·∂f/∂g, dUp[i] += dOut[i]·∂f/∂u, for the same i. */
  default void backward(
      Kernels kernels, Matrix gate, Matrix up, float[] dOut, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      gate.grad()[i] += dOut[i] * gateSlope(gate.data()[i], up.data()[i]);
      up.grad()[i] += dOut[i] * upSlope(gate.data()[i], up.data()[i]);
    }
  }

  /** activation(g)·u. */
  static GateFunction of(PointFunction activation) {
    return activation == PointFunction.SILU ? new SiluGate() : plain(activation);
  }

  private static GateFunction plain(PointFunction activation) {
    return new GateFunction() {
      @Override
      public void apply(
          Kernels kernels, float[] gate, float[] up, float[] out, int offset, int length) {
        if (activation == PointFunction.GELU_TANH) {
          kernels.geluTanhMultiply(gate, offset, up, offset, out, offset, length);
          return;
        }
        for (int i = offset; i < offset + length; i++) {
          out[i] = activation.value(gate[i]) * up[i];
        }
      }

      @Override
      public float gateSlope(float g, float u) {
        return activation.slope(g) * u;
      }

      @Override
      public float upSlope(float g, float u) {
        return activation.value(g);
      }
    };
  }

  /** activation(min(g, limit))·clamp(u, ±limit). */
  static GateFunction bounded(PointFunction activation, float limit) {
    return new GateFunction() {
      @Override
      public void apply(
          Kernels kernels, float[] gate, float[] up, float[] out, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
          out[i] = activation.value(Math.min(gate[i], limit)) * Math.clamp(up[i], -limit, limit);
        }
      }

      @Override
      public float gateSlope(float g, float u) {
        return g > limit ? 0 : activation.slope(g) * Math.clamp(u, -limit, limit);
      }

      @Override
      public float upSlope(float g, float u) {
        return Math.abs(u) > limit ? 0 : activation.value(Math.min(g, limit));
      }
    };
  }

  /** gpt-oss (2508.10925): (clamp(u, ±limit) + 1)·g'·σ(alpha·g'), g' = min(g, limit). */
  static GateFunction clamped(float alpha, float limit) {
    return new GateFunction() {
      @Override
      public void apply(
          Kernels kernels, float[] gate, float[] up, float[] out, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
          out[i] = (clampUp(up[i]) + 1) * swish(Math.min(gate[i], limit));
        }
      }

      @Override
      public float gateSlope(float g, float u) {
        if (g > limit) {
          return 0;
        }
        float sigmoid = PointFunction.sigmoid(alpha * g);
        return (clampUp(u) + 1) * sigmoid * (1 + alpha * g * (1 - sigmoid));
      }

      @Override
      public float upSlope(float g, float u) {
        return Math.abs(u) > limit ? 0 : swish(Math.min(g, limit));
      }

      private float clampUp(float u) {
        return Math.clamp(u, -limit, limit);
      }

      private float swish(float g) {
        return g * PointFunction.sigmoid(alpha * g);
      }
    };
  }
}
