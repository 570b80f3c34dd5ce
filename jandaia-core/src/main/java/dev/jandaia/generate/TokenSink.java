package dev.jandaia.generate;

/** Receives tokens as they are sampled. */
public interface TokenSink {
  /** Takes everything and never stops. */
  TokenSink ALL = (sequence, token) -> Verdict.CONTINUE;

  /** What is to happen to the sequence. */
  enum Verdict {
    CONTINUE,
    STOP,
    CANCEL
  }

  /**
   * Takes the next token of a sequence.
   *
   * @param sequence index of the prompt that it continues
   * @param token id; end tokens do not arrive here
   */
  Verdict accept(int sequence, int token);
}
