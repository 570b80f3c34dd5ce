package dev.jandaia.model;

import dev.jandaia.op.Compute;
import dev.jandaia.op.HyperStreams;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.StreamWeights;
import dev.jandaia.spec.HyperConnections;

/**
 * Hyper-connected streams (2512.24880), {@code [M, n·C]}: all begin as the embedding, and a
 * collapse of its own merges them.
 */
final class ConnectedStreams implements ResidualStreams {
  private final int count;
  private final float epsilon;
  private final StreamConnection connection;

  ConnectedStreams(HyperConnections wiring, Weights weights, int hiddenSize) {
    count = wiring.streams();
    epsilon = (float) wiring.epsilon();
    connection = StreamConnection.of(wiring, weights, "streams.collapse", count, 1, hiddenSize);
  }

  @Override
  public Matrix split(Compute compute, Matrix x) {
    return HyperStreams.copies(compute, x, count);
  }

  @Override
  public Matrix merge(Compute compute, Matrix streams) {
    Matrix logits = connection.logits(compute, streams);
    Matrix weights =
        StreamWeights.collapseOnly(compute, logits, connection.scale(), connection.base(), epsilon);
    return HyperStreams.collapse(compute, streams, weights, count);
  }
}
