package dev.jandaia.model;

import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.PointFunction;
import dev.jandaia.op.Pointwise;
import dev.jandaia.op.RowSource;
import dev.jandaia.spec.Mlp;

/** down(act(up(x))). */
final class MlpLayer implements FeedForwardLayer {
  private final Projection up;
  private final Projection down;
  private final PointFunction function;

  MlpLayer(Mlp spec, Weights weights, String path, int hiddenSize) {
    int intermediate = spec.intermediateSize();
    up = Projection.of(weights, path + ".up", intermediate, hiddenSize, spec.bias());
    down = Projection.of(weights, path + ".down", hiddenSize, intermediate, spec.bias());
    function = Activations.function(spec.activation());
  }

  @Override
  public Matrix apply(Compute compute, Batch batch, RowSource x) {
    return down.apply(compute, Pointwise.apply(compute, up.apply(compute, x), function));
  }
}
