package dev.jandaia.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.text.TextArray;
import java.util.List;
import org.junit.jupiter.api.Test;

class MergeLinesTest {
  /** Four and five are spelt alike; there is no "bb". */
  private static final TextArray TOKENS =
      TextArray.of(List.of("a", "b", " ", "ab", "aba", "aba", " a", "a b", "ba", "abab", " ab"));

  private static final TextArray LINES =
      TextArray.of(
          List.of(
              "a b", "b b", "ab a", "a ba", "  a", "a b", " a b", "b a", "ab ab", "a b a", "x a"));

  private static MergeLines merges() {
    return new MergeLines("merges", LINES, TOKENS, SpellingTable.of(TOKENS));
  }

  @Test
  void findsLines() {
    MergeLines merges = merges();
    assertEquals(0, merges.find(0, 1));
    assertEquals(3, merges.result(0));
    assertEquals(-1, merges.find(1, 1), "what they make is no token");
    assertEquals(2, merges.find(3, 0));
    assertEquals(4, merges.result(2));
    assertEquals(4, merges.find(2, 0), "a part may begin with a space");
    assertEquals(6, merges.find(6, 1));
    assertEquals(10, merges.result(6));
    assertEquals(-1, merges.find(0, 0));
    assertEquals(-1, merges.find(-98, 0), "a character that is no token");
    assertEquals(-1, merges.find(7, 0), "the line's first space divides it");
    assertTrue(merges.priority(0) < merges.priority(2));
  }

  /** Before and after the table is made. */
  @Test
  void theTableFindsTheSame() {
    MergeLines merges = merges();
    int n = TOKENS.size();
    int[][] first = new int[n][n];
    for (int round = 0; round < 1000; round++) {
      for (int left = 0; left < n; left++) {
        for (int right = 0; right < n; right++) {
          int found = merges.find(left, right);
          if (round == 0) {
            first[left][right] = found;
          }
          assertEquals(first[left][right], found, TOKENS.get(left) + "+" + TOKENS.get(right));
        }
      }
    }
  }

  @Test
  void everyLineNeedsTwoParts() {
    TextArray lines = TextArray.of(List.of("a b", "ab"));
    JandaiaException e =
        assertThrows(
            JandaiaException.class,
            () -> new MergeLines("merges", lines, TOKENS, SpellingTable.of(TOKENS)));
    assertEquals("merges: expected two parts, found 'ab'", e.getMessage());
  }
}
