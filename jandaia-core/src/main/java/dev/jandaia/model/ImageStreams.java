package dev.jandaia.model;

import dev.jandaia.op.Add;
import dev.jandaia.op.Compute;
import dev.jandaia.op.MatchMagnitude;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.Scale;
import dev.jandaia.op.Streams;
import java.util.ArrayList;
import java.util.List;

/**
 * The streams of AltUp (2301.13310), {@code [n·M, C]}. The first stream is the embedding itself,
 * every other an image of it with its magnitude; the merged stream is the mean of the first and the
 * images of the others with its magnitude. A model with one stream is left alone.
 */
final class ImageStreams implements ResidualStreams {
  /** Least mean square that a stream is taken to have. */
  private static final float FLOOR = 1e-5f;

  private final int count;
  private final List<Projection> splits = new ArrayList<>();
  private final List<Projection> merges = new ArrayList<>();

  ImageStreams(int count, Weights weights, int hiddenSize) {
    this.count = count;
    for (int i = 0; i < count - 1; i++) {
      splits.add(Projection.of(weights, "streams.split." + i, hiddenSize, hiddenSize, false));
      merges.add(Projection.of(weights, "streams.merge." + i, hiddenSize, hiddenSize, false));
    }
  }

  @Override
  public Matrix split(Compute compute, Matrix x) {
    if (count == 1) {
      return x;
    }
    Matrix streams = compute.take(count * x.rows(), x.cols());
    int mark = compute.mark();
    Streams.put(compute, x, streams, 0);
    for (int i = 0; i < splits.size(); i++) {
      Matrix image = splits.get(i).apply(compute, x);
      Streams.put(compute, MatchMagnitude.apply(compute, image, x, FLOOR), streams, i + 1);
    }
    compute.release(mark);
    return streams;
  }

  @Override
  public Matrix merge(Compute compute, Matrix streams) {
    if (count == 1) {
      return streams;
    }
    Matrix sum = Streams.one(compute, streams, 0, count);
    int mark = compute.mark();
    Matrix first = Streams.one(compute, streams, 0, count);
    for (int i = 0; i < merges.size(); i++) {
      Matrix image = merges.get(i).apply(compute, Streams.one(compute, streams, i + 1, count));
      sum = Add.apply(compute, sum, MatchMagnitude.apply(compute, image, first, FLOOR));
    }
    compute.release(mark);
    return Scale.apply(compute, sum, 1f / count);
  }
}
