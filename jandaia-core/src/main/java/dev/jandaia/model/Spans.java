package dev.jandaia.model;

import dev.jandaia.op.AttentionShape;
import dev.jandaia.spec.Span;

/** What a {@link Span} means for the attention operation. */
final class Spans {
  private Spans() {}

  /** Attention of {@code shape} in which queries see no more than {@code span} allows. */
  static AttentionShape limit(AttentionShape shape, Span span) {
    return switch (span) {
      // Which keys a sparse layer sees is chosen anew for every query.
      case Span.Full _, Span.Sparse _ -> shape;
      case Span.Sliding sliding -> shape.withWindow(sliding.window());
      case Span.Chunked chunked -> shape.withChunk(chunked.size());
    };
  }
}
