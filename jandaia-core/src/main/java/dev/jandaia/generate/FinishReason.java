package dev.jandaia.generate;

/** Why a completion ended. */
public enum FinishReason {
  /** The model said so with an end token, or a stop text appeared. */
  STOP,
  /** The token limit was reached. */
  LENGTH,
  /** The listener asked for it. */
  CANCELLED
}
