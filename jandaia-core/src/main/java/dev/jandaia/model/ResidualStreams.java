package dev.jandaia.model;

import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.spec.ModelSpec;

/**
 * Splits the embedded tokens into the residual streams of a model and merges them after its last
 * layer.
 */
interface ResidualStreams {

  /** {@code [M, C]} → all streams, as the model's layers expect them. */
  Matrix split(Compute compute, Matrix x);

  /** All streams → {@code [M, C]}. */
  Matrix merge(Compute compute, Matrix streams);

  static ResidualStreams of(ModelSpec spec, Weights weights) {
    return spec.hyperConnections()
        .<ResidualStreams>map(wiring -> new ConnectedStreams(wiring, weights, spec.hiddenSize()))
        .orElseGet(() -> new ImageStreams(spec.numStreams(), weights, spec.hiddenSize()));
  }
}
