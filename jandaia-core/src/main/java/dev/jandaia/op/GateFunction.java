package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;

/**
 * How gate g and linear path u meet in a gated unit, with the slopes that the backward pass needs.
 */
public interface GateFunction {

  /** f(g, u). */
  float value(float g, float u);

  /** out[outOffset + i] = f(gate[offset + i], up[offset + i]) for i in 0 … length − 1. */
  default void apply(
      Kernels kernels,
      float[] gate,
      float[] up,
      int offset,
      float[] out,
      int outOffset,
      int length) {
    for (int i = 0; i < length; i++) {
      out[outOffset + i] = value(gate[offset + i], up[offset + i]);
    }
  }

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
      public float value(float g, float u) {
        return activation.value(g) * u;
      }

      @Override
      public void apply(
          Kernels kernels,
          float[] gate,
          float[] up,
          int offset,
          float[] out,
          int outOffset,
          int length) {
        if (activation == PointFunction.GELU_TANH) {
          kernels.geluTanhMultiply(gate, offset, up, offset, out, outOffset, length);
        } else {
          GateFunction.super.apply(kernels, gate, up, offset, out, outOffset, length);
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
      public float value(float g, float u) {
        return activation.value(Math.min(g, limit)) * Math.clamp(u, -limit, limit);
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
      public float value(float g, float u) {
        return (clampUp(u) + 1) * swish(Math.min(g, limit));
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
