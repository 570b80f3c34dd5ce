package dev.jandaia.generate;

import dev.jandaia.generate.sample.Sampler;
import dev.jandaia.op.Matrix;
import java.util.Arrays;

/** One completion under way. */
final class Running {
  private final int index;
  private final TokenSequence sequence;
  private final Sampler sampler;
  private final GenerationOptions options;
  private final TokenSink sink;
  private int[] tokens = new int[32];
  private int length;
  private int sampled;
  private FinishReason reason;

  Running(
      int index,
      TokenSequence sequence,
      Sampler sampler,
      GenerationOptions options,
      TokenSink sink) {
    this.index = index;
    this.sequence = sequence;
    this.sampler = sampler;
    this.options = options;
    this.sink = sink;
    if (options.maxTokens() == 0) {
      reason = FinishReason.LENGTH;
    }
  }

  TokenSequence sequence() {
    return sequence;
  }

  boolean finished() {
    return reason != null;
  }

  boolean mayContinue() {
    return reason == null;
  }

  /** Tells the penalties about the prompt. */
  void remember(int[] prompt) {
    for (int token : prompt) {
      sampler.accept(token);
    }
  }

  void sample(Matrix logits, int row) {
    int token = sampler.sample(logits.data(), logits.offset(row), logits.cols());
    sampled++;
    if (options.endTokens().contains(token)) {
      reason = FinishReason.STOP;
      return;
    }
    sampler.accept(token);
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * length);
    }
    tokens[length++] = token;
    switch (sink.accept(index, token)) {
      case STOP -> reason = FinishReason.STOP;
      case CANCEL -> reason = FinishReason.CANCELLED;
      case CONTINUE -> {
        if (length == options.maxTokens()) {
          reason = FinishReason.LENGTH;
        }
      }
    }
  }

  /** Ends the completion here, unless it has ended already. */
  void endForLength() {
    reason = reason == null ? FinishReason.LENGTH : reason;
  }

  int lastToken() {
    return tokens[length - 1];
  }

  int sampledTokens() {
    return sampled;
  }

  Completion completion() {
    return new Completion(Arrays.copyOf(tokens, length), reason);
  }
}
