package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;

/** silu(g)·u, the gate of nearly every model, with a backward pass that works on vectors. */
final class SiluGate implements GateFunction {
  private static final int CHUNK = 1024;

  @Override
  public float value(float g, float u) {
    return PointFunction.SILU.value(g) * u;
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
    kernels.siluMultiply(gate, offset, up, offset, out, outOffset, length);
  }

  @Override
  public float gateSlope(float g, float u) {
    return PointFunction.SILU.slope(g) * u;
  }

  @Override
  public float upSlope(float g, float u) {
    return PointFunction.SILU.value(g);
  }

  @Override
  public void backward(
      Kernels kernels, Matrix gate, Matrix up, float[] dOut, int offset, int length) {
    float[] decayed = new float[Math.min(CHUNK, length)];
    for (int from = offset; from < offset + length; from += CHUNK) {
      int count = Math.min(CHUNK, offset + length - from);
      for (int i = 0; i < count; i++) {
        decayed[i] = -gate.data()[from + i];
      }
      kernels.expSum(decayed, 0, count, 0);
      addSlopes(decayed, gate.data(), up.data(), dOut, gate.grad(), up.grad(), from, count);
    }
  }

  /** With e = exp(−g) and σ = 1/(1 + e): silu = g·σ, silu' = σ·(1 + g·(1 − σ)). */
  private static void addSlopes(
      float[] e,
      float[] gate,
      float[] up,
      float[] dOut,
      float[] dGate,
      float[] dUp,
      int from,
      int count) {
    for (int i = 0; i < count; i++) {
      float g = gate[from + i];
      float d = dOut[from + i];
      float sigmoid = 1 / (1 + e[i]);
      dGate[from + i] += d * up[from + i] * sigmoid * (1 + g * (1 - sigmoid));
      dUp[from + i] += d * g * sigmoid;
    }
  }
}
