package dev.jandaia.tokenizer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The merges behind byte-level BPE that is defined by ranks alone: for each token the two parts
 * that are left when its bytes are merged by the tokens of smaller ranks. Tokens that no merge
 * makes have none.
 */
public final class RankMerges {
  private final Map<String, Integer> ranks;

  private RankMerges(Map<String, Integer> ranks) {
    this.ranks = ranks;
  }

  /**
   * The merges of a byte-level tokenizer in order of rank, each as two tokens in the vocabulary's
   * spelling. Ids of tokens that are not special are in the order of their ranks.
   */
  public static List<String[]> of(Tokenizer tokenizer) {
    Map<String, Integer> ranks = new HashMap<>();
    for (int id = 0; id < tokenizer.vocabSize(); id++) {
      if (!tokenizer.isSpecial(id)) {
        ranks.putIfAbsent(tokenizer.token(id), id);
      }
    }
    RankMerges merges = new RankMerges(ranks);
    return ranks.entrySet().stream()
        .sorted(Comparator.comparingInt(Map.Entry::getValue))
        .map(token -> merges.parts(token.getKey(), token.getValue()))
        .flatMap(Optional::stream)
        .toList();
  }

  /** One character of a spelling is one byte. */
  private Optional<String[]> parts(String token, int rank) {
    List<String> parts = new ArrayList<>(token.chars().mapToObj(Character::toString).toList());
    while (parts.size() > 2) {
      int best = -1;
      int bestRank = rank;
      for (int i = 0; i + 1 < parts.size(); i++) {
        int merged = ranks.getOrDefault(parts.get(i) + parts.get(i + 1), rank);
        if (merged < bestRank) {
          best = i;
          bestRank = merged;
        }
      }
      if (best < 0) {
        return Optional.empty();
      }
      parts.set(best, parts.get(best) + parts.remove(best + 1));
    }
    return parts.size() == 2
        ? Optional.of(new String[] {parts.getFirst(), parts.getLast()})
        : Optional.empty();
  }
}
