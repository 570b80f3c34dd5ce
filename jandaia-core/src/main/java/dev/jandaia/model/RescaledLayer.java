package dev.jandaia.model;

import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.Scale;
import dev.jandaia.op.VectorParameter;

/** s·layer(x), s a number that is stored and not trained. */
record RescaledLayer(Layer layer, VectorParameter scale) implements Layer {

  @Override
  public Matrix apply(Compute compute, Batch batch, Matrix x) {
    return Scale.apply(compute, layer.apply(compute, batch, x), scale.values()[0]);
  }
}
