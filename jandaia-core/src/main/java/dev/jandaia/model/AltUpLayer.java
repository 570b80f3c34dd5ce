package dev.jandaia.model;

import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.PointFunction;
import dev.jandaia.op.Pointwise;
import dev.jandaia.op.Scale;
import dev.jandaia.op.ScaleColumns;
import dev.jandaia.op.Streams;
import dev.jandaia.op.VectorParameter;
import dev.jandaia.spec.Residual;

/** Executes {@link Residual.AltUp}: predict all streams, run the layer on one, correct all. */
final class AltUpLayer implements Layer {
  private final Residual.AltUp spec;
  private final Layer layer;
  private final NormLayer norm;
  private final Projection router;
  private final Projection prediction;
  private final Projection correction;
  private final VectorParameter inputScale;
  private final LayerInputNetwork input;
  private final float signScale;

  AltUpLayer(Residual.AltUp spec, Layer layer, Weights weights, int index, int hiddenSize) {
    this.spec = spec;
    this.layer = layer;
    int n = spec.streams();
    String block = "blocks." + index;
    String path = block + ".altUp";
    norm = NormLayer.of(spec.norm(), weights, path + ".norm", hiddenSize);
    router = Projection.of(weights, path + ".router", n, hiddenSize, false);
    prediction = Projection.of(weights, path + ".prediction", n * n, n, false);
    correction = Projection.of(weights, path + ".correction", n, n, false);
    inputScale = weights.vector(path + ".inputScale", hiddenSize);
    input = new LayerInputNetwork(spec.input(), weights, block + ".layerInput", hiddenSize, index);
    signScale = 1f / hiddenSize;
  }

  @Override
  public Matrix apply(Compute compute, Batch batch, Matrix x) {
    int n = spec.streams();
    if (compute.recording() && spec.bound().isPresent()) {
      bound(spec.bound().get().floatValue());
    }
    int mark = compute.mark();
    Matrix before = Streams.one(compute, x, spec.active(), n);
    Matrix guess = prediction.apply(compute, signs(compute, before));
    Matrix predictions = Streams.mix(compute, x, guess, n);
    Matrix own = Streams.one(compute, predictions, spec.active(), n);
    Matrix after = layer.apply(compute, batch, own);
    Matrix factors = correction.apply(compute, signs(compute, after));
    x = Streams.correct(compute, x, predictions, spec.active(), after, factors);
    Streams.addToOthers(compute, x, input.apply(compute, batch, read(compute, x)), n);
    compute.release(mark);
    return x;
  }

  private void bound(float limit) {
    prediction.weight().bound(limit);
    correction.weight().bound(limit);
  }

  /** What the layer's own input is gated by. */
  private Matrix read(Compute compute, Matrix x) {
    Matrix active = Streams.one(compute, x, spec.active(), spec.streams());
    return spec.scaledInput() ? ScaleColumns.apply(compute, active, inputScale) : active;
  }

  /** tanh(W·norm(x)/C): {@code [M, C] → [M, n]}. */
  private Matrix signs(Compute compute, Matrix x) {
    Matrix routed = router.apply(compute, norm.apply(compute, x));
    return Pointwise.apply(compute, Scale.apply(compute, routed, signScale), PointFunction.TANH);
  }
}
