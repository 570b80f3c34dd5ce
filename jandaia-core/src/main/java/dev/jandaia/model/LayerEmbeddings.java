package dev.jandaia.model;

import dev.jandaia.op.Add;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Embed;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.MatrixParameter;
import dev.jandaia.op.Scale;
import dev.jandaia.spec.LayerEmbedding;

/** Executes {@link LayerEmbedding} for all layers at once. */
final class LayerEmbeddings {
  private static final String PATH = "layerEmbedding";

  private final MatrixParameter tokens;
  private final Projection projection;
  private final NormLayer norm;
  private final float tableScale;
  private final float projectionScale;

  LayerEmbeddings(LayerEmbedding spec, Weights weights, int numLayers, int hiddenSize) {
    int width = numLayers * spec.size();
    tokens = weights.matrix(PATH + ".tokens.weight", spec.vocabSize(), width);
    projection = Projection.of(weights, PATH + ".projection", width, hiddenSize, false);
    norm = NormLayer.of(spec.norm(), weights, PATH + ".norm", spec.size());
    tableScale = (float) Math.sqrt(spec.size());
    projectionScale = (float) (1 / Math.sqrt(hiddenSize));
  }

  /**
   * Hands the vectors of the batch's tokens to its layers.
   *
   * @param x {@code [M, C]}, the embedded tokens
   */
  void before(Compute compute, Batch batch, Matrix x) {
    Matrix looked = Embed.apply(compute, batch.ids(), batch.size(), tokens, tableScale);
    int mark = compute.mark();
    Matrix projected = Scale.apply(compute, projection.apply(compute, x), projectionScale);
    Matrix sum = Add.apply(compute, looked, norm.apply(compute, projected));
    compute.release(mark);
    batch.handover().setInputs(Scale.apply(compute, sum, (float) Math.sqrt(0.5)));
  }
}
