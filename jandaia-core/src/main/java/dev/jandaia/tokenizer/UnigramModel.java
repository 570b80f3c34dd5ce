package dev.jandaia.tokenizer;

import java.util.Arrays;
import java.util.Map;

/**
 * The unigram language model (arXiv:1804.10959): of all segmentations the one with the greatest sum
 * of log-probabilities, found by Viterbi's algorithm in O(n × longest token).
 */
final class UnigramModel implements Model {
  /** How much worse than the worst token an uncovered character is. */
  private static final double UNKNOWN_PENALTY = 10;

  private final Trie trie;
  private final double[] scores;
  private final double unknownScore;
  private final Precision precision;
  private final Fallback fallback;

  /** In which arithmetic sums are kept: it decides between nearly equal segmentations. */
  enum Precision {
    /** As SentencePiece. */
    SINGLE,
    /** As tokenizer.json. */
    DOUBLE;

    private double round(double sum) {
      return this == SINGLE ? (float) sum : sum;
    }
  }

  /**
   * A model.
   *
   * @param pieces the tokens that text may become
   * @param scores log-probability by id
   * @param lowest the lowest score of an ordinary token
   */
  UnigramModel(
      Map<String, Integer> pieces,
      double[] scores,
      double lowest,
      Precision precision,
      Fallback fallback) {
    this.trie = new Trie(pieces.size());
    pieces.forEach(trie::put);
    this.scores = scores;
    this.unknownScore = lowest - UNKNOWN_PENALTY;
    this.precision = precision;
    this.fallback = fallback;
  }

  @Override
  public void encode(String piece, IntList ids) {
    new Search(piece).appendTo(ids);
  }

  /** The best path to every position of one piece. */
  private final class Search {
    private final String piece;
    private final double[] best;
    private final int[] from;
    private final int[] tokens;

    Search(String piece) {
      this.piece = piece;
      int n = piece.length();
      best = new double[n + 1];
      from = new int[n + 1];
      tokens = new int[n + 1];
      Arrays.fill(from, -1);
      for (int start = 0, end; start < n; start = end) {
        end = piece.offsetByCodePoints(start, 1);
        extend(start, end);
      }
    }

    private void extend(int start, int characterEnd) {
      boolean covered = false;
      int node = 0;
      for (int i = start; i < piece.length(); i++) {
        node = trie.step(node, piece.charAt(i));
        if (node < 0) {
          break;
        }
        int id = trie.id(node);
        if (id >= 0) {
          offer(start, i + 1, id, scores[id]);
          covered |= i + 1 == characterEnd;
        }
      }
      if (!covered) {
        offer(start, characterEnd, -1, unknownScore);
      }
    }

    private void offer(int start, int end, int id, double score) {
      double sum = precision.round(best[start] + score);
      if (from[end] < 0 || sum > best[end]) {
        best[end] = sum;
        from[end] = start;
        tokens[end] = id;
      }
    }

    void appendTo(IntList ids) {
      IntList ends = new IntList();
      for (int end = piece.length(); end > 0; end = from[end]) {
        ends.add(end);
      }
      ends.reverseFrom(0);
      boolean unknown = false;
      for (int end : ends.toArray()) {
        if (tokens[end] >= 0) {
          ids.add(tokens[end]);
          unknown = false;
        } else {
          unknown = fallback.encode(piece.substring(from[end], end), unknown, ids);
        }
      }
    }
  }
}
