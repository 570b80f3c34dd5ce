package dev.jandaia.op;

import dev.jandaia.spec.Router;
import java.util.Arrays;
import java.util.Optional;

/**
 * Which token visits which experts, and the same seen from the experts: for each, the rows of its
 * tokens. Reusable.
 */
public final class ExpertPlan {
  private int rows;
  private int experts;
  private int topK;
  private int[] chosen = {};
  private float[] preference = {};
  private float[] groupScore = {};
  private int[] expertStart = {};
  private int[] tokenRows = {};
  private int[] entries = {};

  void start(int newRows, int newExperts, int newTopK) {
    rows = newRows;
    experts = newExperts;
    topK = newTopK;
    if (chosen.length < rows * topK) {
      chosen = new int[rows * topK];
      tokenRows = new int[rows * topK];
      entries = new int[rows * topK];
    }
    if (preference.length < experts) {
      preference = new float[experts];
      groupScore = new float[experts];
      expertStart = new int[experts + 1];
    }
  }

  /** The j-th expert of a row. */
  int chosen(int row, int j) {
    return chosen[row * topK + j];
  }

  int[] copyOfChosen() {
    return Arrays.copyOf(chosen, rows * topK);
  }

  /**
   * Index of the first of an expert's tokens in {@link #tokenRows}; the one after the last is the
   * next expert's first.
   */
  public int start(int expert) {
    return expertStart[expert];
  }

  /** How many tokens an expert has. */
  public int count(int expert) {
    return expertStart[expert + 1] - expertStart[expert];
  }

  /** Rows of the tokens, expert by expert. */
  public int[] tokenRows() {
    return tokenRows;
  }

  /**
   * Where the weight of each of {@link #tokenRows} stands among the elements of the {@code [M,
   * topK]} weights.
   */
  public int[] entries() {
    return entries;
  }

  void choose(
      int row, float[] scores, int offset, Router router, Optional<VectorParameter> correction) {
    for (int e = 0; e < experts; e++) {
      preference[e] =
          scores[offset + e] + (correction.isPresent() ? correction.get().values()[e] : 0);
    }
    if (router.groups().count() > 1) {
      keepBestGroups(router.groups());
    }
    for (int j = 0; j < topK; j++) {
      int best = best(preference, 0, experts);
      chosen[row * topK + j] = best;
      preference[best] = Float.NEGATIVE_INFINITY;
    }
  }

  /** Takes the experts of row {@code entry} of a table {@code [V, topK]}. */
  void lookUp(int row, int[] table, int entry) {
    System.arraycopy(table, entry * topK, chosen, row * topK, topK);
  }

  /** Index of the largest element, the first of equals. */
  private static int best(float[] x, int from, int to) {
    int best = from;
    for (int i = from + 1; i < to; i++) {
      if (x[i] > x[best]) {
        best = i;
      }
    }
    return best;
  }

  private void keepBestGroups(Router.Groups groups) {
    int size = experts / groups.count();
    for (int g = 0; g < groups.count(); g++) {
      groupScore[g] = groupScore(groups.score(), g * size, (g + 1) * size);
    }
    for (int dropped = 0; dropped < groups.count() - groups.keep(); dropped++) {
      int worst = 0;
      for (int g = 1; g < groups.count(); g++) {
        if (groupScore[g] <= groupScore[worst]) {
          worst = g;
        }
      }
      groupScore[worst] = Float.POSITIVE_INFINITY;
      Arrays.fill(preference, worst * size, (worst + 1) * size, Float.NEGATIVE_INFINITY);
    }
  }

  private float groupScore(Router.GroupScore rule, int from, int to) {
    int best = best(preference, from, to);
    if (rule == Router.GroupScore.MAX || to - from == 1) {
      return preference[best];
    }
    float second = Float.NEGATIVE_INFINITY;
    for (int i = from; i < to; i++) {
      second = i == best ? second : Math.max(second, preference[i]);
    }
    return preference[best] + second;
  }

  void groupByExpert() {
    Arrays.fill(expertStart, 0, experts + 1, 0);
    for (int i = 0; i < rows * topK; i++) {
      expertStart[chosen[i] + 1]++;
    }
    for (int e = 0; e < experts; e++) {
      expertStart[e + 1] += expertStart[e];
    }
    for (int i = 0; i < rows * topK; i++) {
      int place = expertStart[chosen[i]]++;
      tokenRows[place] = i / topK;
      entries[place] = i;
    }
    for (int e = experts; e > 0; e--) {
      expertStart[e] = expertStart[e - 1];
    }
    expertStart[0] = 0;
  }
}
