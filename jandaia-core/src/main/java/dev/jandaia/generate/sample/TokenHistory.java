package dev.jandaia.generate.sample;

import java.util.Arrays;

/** The most recent tokens of one sequence, as many as the steps of its chain look back. */
public final class TokenHistory {
  private static final int INITIAL = 256;

  /** How many tokens are kept; -1 keeps all. */
  private final int window;

  private int[] tokens;
  private int count;

  TokenHistory(int window) {
    this.window = window;
    this.tokens = new int[window < 0 ? INITIAL : 2 * window];
  }

  private TokenHistory(TokenHistory other) {
    this.window = other.window;
    this.tokens = other.tokens.clone();
    this.count = other.count;
  }

  TokenHistory copy() {
    return new TokenHistory(this);
  }

  void add(int token) {
    if (window == 0) {
      return;
    }
    if (count == tokens.length) {
      makeRoom();
    }
    tokens[count++] = token;
  }

  /**
   * Grows without a window; with one, slides the live half to the front, once every window tokens.
   */
  private void makeRoom() {
    if (window < 0) {
      tokens = Arrays.copyOf(tokens, 2 * tokens.length);
      return;
    }
    System.arraycopy(tokens, count - window, tokens, 0, window);
    count = window;
  }

  void clear() {
    count = 0;
  }

  /** How many tokens are there to look back on, at most {@code lastN}; -1 means no limit. */
  int size(int lastN) {
    return lastN < 0 ? count : Math.min(count, lastN);
  }

  /** The token accepted {@code back} tokens before the latest one. */
  int recent(int back) {
    return tokens[count - 1 - back];
  }
}
