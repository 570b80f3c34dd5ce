package dev.jandaia.tokenizer;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Merges by the ids of their parts. */
final class MergeTable implements Merges {
  private final LongIntMap entries;
  private final int[] priorities;
  private final int[] results;

  private MergeTable(LongIntMap entries, int[] priorities, int[] results) {
    this.entries = entries;
    this.priorities = priorities;
    this.results = results;
  }

  /** Collects merges, the most urgent first. */
  static final class Builder {
    private final LongIntMap entries;
    private final int[] results;
    private int count;

    Builder(int most) {
      entries = new LongIntMap(most);
      results = new int[most];
    }

    /** One that counts only if all three tokens exist. */
    void add(int left, int right, int result) {
      if (left >= 0 && right >= 0 && result >= 0) {
        entries.putIfAbsent(key(left, right), count);
      }
      results[count++] = result;
    }

    MergeTable build() {
      return new MergeTable(entries, IntStream.range(0, count).toArray(), results);
    }
  }

  /**
   * Merges implied by a vocabulary: any two symbols whose concatenation is a token may merge; the
   * smaller {@code priorities[token]} goes first.
   */
  static MergeTable ofVocabulary(Map<String, Integer> pieces, int[] priorities) {
    LongIntMap entries = new LongIntMap(pieces.size() * 4);
    pieces.forEach((piece, id) -> {
      for (int cut = piece.offsetByCodePoints(0, 1);
          cut < piece.length();
          cut = piece.offsetByCodePoints(cut, 1)) {
        Integer left = symbol(piece.substring(0, cut), pieces);
        Integer right = symbol(piece.substring(cut), pieces);
        if (left != null && right != null) {
          entries.putIfAbsent(key(left, right), id);
        }
      }
    });
    return new MergeTable(entries, priorities, IntStream.range(0, priorities.length).toArray());
  }

  /** Priorities by descending score: equal scores are equally urgent. */
  static int[] priorities(float[] scores) {
    List<Integer> order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer id) -> -(double) scores[id]))
            .toList();
    int[] priorities = new int[scores.length];
    int priority = 0;
    for (int i = 0; i < order.size(); i++) {
      if (i > 0 && scores[order.get(i)] != scores[order.get(i - 1)]) {
        priority++;
      }
      priorities[order.get(i)] = priority;
    }
    return priorities;
  }

  @Override
  public int find(int left, int right) {
    return entries.get(key(left, right));
  }

  @Override
  public int priority(int merge) {
    return priorities[merge];
  }

  @Override
  public int result(int merge) {
    return results[merge];
  }

  private static Integer symbol(String part, Map<String, Integer> pieces) {
    Integer id = pieces.get(part);
    if (id == null && part.codePointCount(0, part.length()) == 1) {
      return -1 - part.codePointAt(0);
    }
    return id;
  }

  private static long key(int left, int right) {
    return ((long) left << 32) | (right & 0xFFFFFFFFL);
  }
}
