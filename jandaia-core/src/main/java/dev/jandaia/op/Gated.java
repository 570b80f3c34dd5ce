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
      compute.record(() -> backward(compute, gate, up, function, out));
    }
    return out;
  }

  /**
   * As {@link #apply}, made as projections read them, unless gradients have to go back through
   * them. {@code gate} and {@code up} stay as they are until then.
   */
  public static RowSource rows(Compute compute, Matrix gate, Matrix up, GateFunction function) {
    return compute.recording()
        ? apply(compute, gate, up, function)
        : compute.takeGatedRows().of(compute, gate, up, function);
  }

  private static void backward(
      Compute compute, Matrix gate, Matrix up, GateFunction function, Matrix out) {
    compute.forEach(
        out.rows(),
        out.cols(),
        (from, to, worker) -> {
          int offset = out.offset(from);
          function.backward(
              compute.kernels(), gate, up, out.grad(), offset, out.offset(to) - offset);
        });
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
      function.apply(kernels, gate.data(), up.data(), offset, out.data(), offset, length);
    }
  }
}
