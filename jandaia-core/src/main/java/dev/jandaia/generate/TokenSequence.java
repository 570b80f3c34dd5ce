package dev.jandaia.generate;

import dev.jandaia.cache.SequenceCache;
import java.util.Arrays;
import java.util.Optional;

/**
 * A sequence under way: the ids a cache has seen, so that a prompt which begins in the same way
 * need not be read again.
 */
public final class TokenSequence {
  private final SequenceCache cache;
  private int[] seen = new int[64];
  private Optional<SequenceCache.Checkpoint> promptEnd = Optional.empty();

  /** Takes over an empty cache. */
  public TokenSequence(SequenceCache cache) {
    if (cache.position() != 0) {
      throw new IllegalArgumentException(
          "expected an empty cache, found one at position " + cache.position());
    }
    this.cache = cache;
  }

  SequenceCache cache() {
    return cache;
  }

  /** Number of tokens in the cache. */
  public int length() {
    return cache.position();
  }

  /** Notes that {@code count} tokens have gone through the model. */
  void saw(int[] ids, int from, int count) {
    int before = cache.position() - count;
    if (cache.position() > seen.length) {
      seen = Arrays.copyOf(seen, Math.max(cache.position(), 2 * seen.length));
    }
    System.arraycopy(ids, from, seen, before, count);
  }

  /**
   * Notes that a prompt ends here. Recurrent layers cannot go back to any other position, and a
   * later prompt often repeats this one but not the reply to it.
   */
  void promptEnds() {
    promptEnd = Optional.of(cache.checkpoint());
  }

  /**
   * Forgets what does not agree with {@code prompt} and returns how many of its ids are still held:
   * all but the last at most, because its logits are wanted.
   */
  int rewindTo(int[] prompt) {
    int common = 0;
    int limit = Math.min(prompt.length - 1, length());
    while (common < limit && prompt[common] == seen[common]) {
      common++;
    }
    if (common == length()) {
      return common;
    }
    goBackTo(common);
    return length();
  }

  /** To {@code end}, else to the end of the last prompt, else to the beginning. */
  private void goBackTo(int end) {
    promptEnd = promptEnd.filter(checkpoint -> checkpoint.position() <= end);
    try {
      cache.truncate(end);
    } catch (IllegalStateException _) {
      // A sliding window has already dropped what the shorter prefix would need, or a recurrent
      // state has moved on.
      goBackToPromptEnd();
    }
  }

  private void goBackToPromptEnd() {
    try {
      promptEnd.ifPresentOrElse(cache::restore, () -> cache.truncate(0));
    } catch (IllegalStateException _) {
      promptEnd = Optional.empty();
      cache.truncate(0);
    }
  }
}
