package dev.jandaia.model;

import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.GateFunction;
import dev.jandaia.op.Gated;
import dev.jandaia.op.GaussianCutoff;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.Projections;
import dev.jandaia.op.RowSource;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Gating;

/** down(gating(gate(x), up(x))). */
final class GatedMlpLayer implements FeedForwardLayer {
  private final Projection gate;
  private final Projection up;
  private final Projection down;
  private final GateFunction function;
  private final Gating gating;
  private final float deviations;

  GatedMlpLayer(GatedMlp spec, Weights weights, String path, int hiddenSize) {
    int intermediate = spec.intermediateSize();
    gate = Projection.of(weights, path + ".gate", intermediate, hiddenSize, spec.bias());
    up = Projection.of(weights, path + ".up", intermediate, hiddenSize, spec.bias());
    down = Projection.of(weights, path + ".down", hiddenSize, intermediate, spec.bias());
    function = Activations.gate(spec.gating());
    gating = spec.gating();
    deviations =
        gating instanceof Gating.GaussianSparse sparse
            ? GaussianCutoff.deviations(sparse.sparsity())
            : 0;
  }

  @Override
  public Matrix apply(Compute compute, Batch batch, RowSource x) {
    return apply(compute, x);
  }

  /** {@code [M, C] → [M, C]}, for any rows. */
  Matrix apply(Compute compute, RowSource x) {
    Projections projections = Projections.of(compute);
    Matrix gates = gate.join(projections, x);
    Matrix ups = up.join(projections, x);
    projections.run();
    return down.apply(compute, gate(compute, gates, ups));
  }

  /** The first step for a run of rows: its place in {@code gates} and {@code ups}. */
  void open(Projections projections, RowSource x, int first, int rows, Matrix gates, Matrix ups) {
    gate.joinRows(projections, x, first, rows, gates);
    up.joinRows(projections, x, first, rows, ups);
  }

  /** The second step: gating(gates, ups). */
  RowSource gate(Compute compute, Matrix gates, Matrix ups) {
    Matrix open =
        gating instanceof Gating.GaussianSparse
            ? GaussianCutoff.apply(compute, gates, deviations)
            : gates;
    return Gated.rows(compute, open, ups, function);
  }

  /** The last step for a run of rows. */
  void close(Projections projections, RowSource gated, int first, int rows, Matrix out) {
    down.joinRows(projections, gated, first, rows, out);
  }
}
