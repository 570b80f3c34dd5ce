package dev.jandaia.model;

import dev.jandaia.op.Add;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;

/** y + input(y), y = layer(x). */
record WithInputLayer(Layer layer, LayerInputNetwork input) implements Layer {

  @Override
  public Matrix apply(Compute compute, Batch batch, Matrix x) {
    Matrix y = layer.apply(compute, batch, x);
    int mark = compute.mark();
    Matrix sum = Add.apply(compute, y, input.apply(compute, batch, y));
    compute.release(mark);
    return sum;
  }
}
