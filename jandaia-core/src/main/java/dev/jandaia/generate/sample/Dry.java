package dev.jandaia.generate.sample;

import dev.jandaia.tensor.JandaiaException;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * "Don't repeat yourself": penalises tokens that would extend a repetition. Where the last n tokens
 * occurred before, the token that followed them there loses
 *
 * <pre>multiplier * base^(n - allowedLength)      for n &gt;= allowedLength, n the longest match
 * </pre>
 *
 * A match does not reach back across a sequence breaker, and a token that is a breaker by itself is
 * never penalised. Source: text-generation-webui pull request 5677; matching by the Z algorithm,
 * linear in the window.
 *
 * @param multiplier the penalty's scale, 0 or more; 0 is off
 * @param base how fast the penalty grows, 1 or more
 * @param allowedLength the longest repetition left alone, 0 or more
 * @param lastN the window in tokens; -1 is everything accepted so far, 0 is off
 * @param breakers token sequences that end a repetition, such as the tokens of a new line
 */
public record Dry(
    float multiplier, float base, int allowedLength, int lastN, List<List<Integer>> breakers)
    implements SamplerStep {
  public Dry {
    Require.within("dry_multiplier", multiplier, 0, Float.MAX_VALUE);
    Require.within("dry_base", base, 1, Float.MAX_VALUE);
    Require.atLeast("dry_allowed_length", allowedLength, 0);
    Require.atLeast("dry_penalty_last_n", lastN, -1);
    breakers = breakers.stream().map(List::copyOf).toList();
    if (breakers.stream().anyMatch(List::isEmpty)) {
      throw new JandaiaException(
          "dry_sequence_breakers: expected token sequences, found an empty one");
    }
  }

  /** The same step with other breakers, as token ids. */
  public Dry withBreakers(List<List<Integer>> breakers) {
    return new Dry(multiplier, base, allowedLength, lastN, breakers);
  }

  @Override
  public String name() {
    return "dry";
  }

  @Override
  public boolean isOff() {
    return multiplier == 0f || lastN == 0;
  }

  @Override
  public void apply(Candidates candidates, TokenHistory history, RandomGenerator random) {
    int window = history.size(lastN);
    int limit = tokensSinceBreaker(history, window);
    if (window <= allowedLength || limit < allowedLength) {
      return;
    }
    int[] matches = candidates.scratch(window);
    matchLengths(history, window, matches);
    for (int back = 1; back < window; back++) {
      int length = Math.min(matches[back], limit);
      if (length >= allowedLength) {
        int next = history.recent(back - 1);
        candidates.mark(next, Math.max(candidates.marked(next), length + 1));
      }
    }
    unmarkBreakers(candidates);
    penalise(candidates);
    for (int back = 0; back < window; back++) {
      candidates.mark(history.recent(back), 0);
    }
  }

  private void unmarkBreakers(Candidates candidates) {
    for (int b = 0; b < breakers.size(); b++) {
      if (breakers.get(b).size() == 1) {
        candidates.mark(breakers.get(b).getFirst(), 0);
      }
    }
  }

  private void penalise(Candidates candidates) {
    for (int i = 0; i < candidates.size; i++) {
      int length = candidates.marks[candidates.ids[i]] - 1;
      if (length >= 0) {
        double penalty = multiplier * Math.pow(base, length - allowedLength);
        candidates.set(i, (float) (candidates.logits[i] - penalty));
      }
    }
  }

  /** How many tokens follow the latest breaker in the window; all of them if there is none. */
  private int tokensSinceBreaker(TokenHistory history, int window) {
    for (int start = 0; start < window; start++) {
      int longest = 0;
      for (int b = 0; b < breakers.size(); b++) {
        List<Integer> breaker = breakers.get(b);
        if (breaker.size() > longest && startsAt(history, start, breaker)) {
          longest = breaker.size();
        }
      }
      if (longest > 0) {
        return start + 1 - longest;
      }
    }
    return window;
  }

  /** Whether the breaker's first token lies {@code start} tokens back and the rest follows it. */
  private static boolean startsAt(TokenHistory history, int start, List<Integer> breaker) {
    if (breaker.size() > start + 1) {
      return false;
    }
    for (int i = 0; i < breaker.size(); i++) {
      if (history.recent(start - i) != breaker.get(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Z algorithm: {@code matches[k]} tokens before the k-th latest equal the latest ones, backwards.
   */
  private static void matchLengths(TokenHistory history, int window, int[] matches) {
    int left = 0;
    int right = 0;
    for (int k = 1; k < window; k++) {
      int n = k < right ? Math.min(right - k, matches[k - left]) : 0;
      while (k + n < window && history.recent(n) == history.recent(k + n)) {
        n++;
      }
      matches[k] = n;
      if (k + n > right) {
        left = k;
        right = k + n;
      }
    }
  }
}
