package dev.jandaia.model;

import dev.jandaia.spec.Span;

/** What a {@link Span} means for the attention operation. */
final class Spans {
  private Spans() {}

  /** Keys that a query sees, itself included. */
  static int window(Span span) {
    return switch (span) {
      case Span.Full _ -> Integer.MAX_VALUE;
      case Span.Sliding sliding -> sliding.window();
    };
  }
}
