package dev.jandaia.model;

import dev.jandaia.op.Compute;
import dev.jandaia.op.GateFunction;
import dev.jandaia.op.Gated;
import dev.jandaia.op.Matrix;
import dev.jandaia.spec.GatedMlp;

/** down(gating(gate(x), up(x))). */
final class GatedMlpLayer implements FeedForwardLayer {
  private final Projection gate;
  private final Projection up;
  private final Projection down;
  private final GateFunction function;

  GatedMlpLayer(GatedMlp spec, Weights weights, String path, int hiddenSize) {
    int intermediate = spec.intermediateSize();
    gate = Projection.of(weights, path + ".gate", intermediate, hiddenSize, spec.bias());
    up = Projection.of(weights, path + ".up", intermediate, hiddenSize, spec.bias());
    down = Projection.of(weights, path + ".down", hiddenSize, intermediate, spec.bias());
    function = Activations.gate(spec.gating());
  }

  @Override
  public Matrix apply(Compute compute, Matrix x) {
    Matrix gated = Gated.apply(compute, gate.apply(compute, x), up.apply(compute, x), function);
    return down.apply(compute, gated);
  }
}
