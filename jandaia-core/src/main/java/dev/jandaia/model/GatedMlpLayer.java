package dev.jandaia.model;

import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.GateFunction;
import dev.jandaia.op.Gated;
import dev.jandaia.op.GaussianCutoff;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.Projections;
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
  public Matrix apply(Compute compute, Batch batch, Matrix x) {
    return apply(compute, x);
  }

  /** {@code [M, C] → [M, C]}, for any rows. */
  Matrix apply(Compute compute, Matrix x) {
    Projections projections = Projections.of(compute);
    Matrix open = gate.join(projections, x);
    Matrix wide = up.join(projections, x);
    projections.run();
    if (gating instanceof Gating.GaussianSparse) {
      open = GaussianCutoff.apply(compute, open, deviations);
    }
    Matrix gated = Gated.apply(compute, open, wide, function);
    return down.apply(compute, gated);
  }
}
