package dev.jandaia.model;

import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.CopyColumns;
import dev.jandaia.op.GateFunction;
import dev.jandaia.op.Gated;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.RowSource;
import dev.jandaia.spec.LayerInput;

/** Executes {@link LayerInput}: norm(W_o · (act(W_i·x) ⊙ e)). */
final class LayerInputNetwork {
  private static final CopyColumns.Groups START = new CopyColumns.Groups(0, 0);

  private final int size;
  private final CopyColumns.Groups place;
  private final Projection gate;
  private final Projection output;
  private final NormLayer norm;
  private final GateFunction function;

  LayerInputNetwork(LayerInput spec, Weights weights, String path, int hiddenSize, int layer) {
    size = spec.size();
    place = new CopyColumns.Groups(layer * size, 0);
    gate = Projection.of(weights, path + ".gate", size, hiddenSize, false);
    output = Projection.of(weights, path + ".output", hiddenSize, size, false);
    norm = NormLayer.of(spec.norm(), weights, path + ".norm", hiddenSize);
    function = GateFunction.of(Activations.function(spec.activation()));
  }

  /**
   * @param x {@code [M, C]}
   * @return {@code [M, C]}
   */
  Matrix apply(Compute compute, Batch batch, Matrix x) {
    Matrix own = compute.take(x.rows(), size);
    CopyColumns.apply(compute, batch.handover().inputs(), place, own, START, 1, size);
    RowSource gated = Gated.rows(compute, gate.apply(compute, x), own, function);
    return norm.apply(compute, output.apply(compute, gated));
  }
}
