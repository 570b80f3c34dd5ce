package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;

/** Gated linear units (2002.05202): out = f(gate, up), element by element. */
public final class Gated {
  private Gated() {}

  /**
   * @param gate {@code [M, F]}
   * @param up {@code [M, F]}
   * @return {@code [M, F]}
   */
  public static Matrix apply(Compute compute, Matrix gate, Matrix up, GateFunction function) {
    Matrix out = compute.take(gate.rows(), gate.cols());
    compute.gatedForward.run(gate, up, function, out);
    if (compute.recording()) {
      compute.record(() -> backward(gate, up, function, out));
    }
    return out;
  }

  private static void backward(Matrix gate, Matrix up, GateFunction function, Matrix out) {
    for (int i = 0; i < out.size(); i++) {
      float dOut = out.grad()[i];
      gate.grad()[i] += dOut * function.gateSlope(gate.data()[i], up.data()[i]);
      up.grad()[i] += dOut * function.upSlope(gate.data()[i], up.data()[i]);
    }
  }

  static final class Forward implements Workers.Range {
    private final Compute compute;
    private Matrix gate;
    private Matrix up;
    private GateFunction function;
    private Matrix out;

    Forward(Compute compute) {
      this.compute = compute;
    }

    void run(Matrix g, Matrix u, GateFunction f, Matrix result) {
      gate = g;
      up = u;
      function = f;
      out = result;
      compute.forEach(g.rows(), g.cols(), this);
    }

    @Override
    public void run(int from, int to, int worker) {
      Kernels kernels = compute.kernels();
      int offset = gate.offset(from);
      int length = gate.offset(to) - offset;
      function.apply(kernels, gate.data(), up.data(), out.data(), offset, length);
    }
  }
}
