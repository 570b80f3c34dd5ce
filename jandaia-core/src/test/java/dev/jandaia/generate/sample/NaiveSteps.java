package dev.jandaia.generate.sample;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every sampler step once more, in float64 and written for obviousness: sorts everything, always.
 */
final class NaiveSteps {
  record Token(int id, double logit) {}

  private static final Comparator<Token> BEST_FIRST =
      Comparator.comparingDouble(Token::logit).reversed().thenComparingInt(Token::id);

  private NaiveSteps() {}

  static List<Token> tokens(float[] logits) {
    List<Token> tokens = new ArrayList<>();
    for (int i = 0; i < logits.length; i++) {
      tokens.add(new Token(i, logits[i]));
    }
    return tokens;
  }

  static List<Token> sorted(List<Token> tokens) {
    return tokens.stream().sorted(BEST_FIRST).toList();
  }

  static double[] softmax(List<Token> tokens) {
    double max = tokens.stream().mapToDouble(Token::logit).max().orElseThrow();
    double sum = tokens.stream().mapToDouble(t -> Math.exp(t.logit() - max)).sum();
    return tokens.stream().mapToDouble(t -> Math.exp(t.logit() - max) / sum).toArray();
  }

  static List<Token> temperature(List<Token> tokens, double t) {
    return tokens.stream().map(x -> new Token(x.id(), x.logit() / t)).toList();
  }

  static List<Token> topK(List<Token> tokens, int k) {
    return sorted(tokens).subList(0, Math.min(k, tokens.size()));
  }

  static List<Token> topP(List<Token> tokens, double p) {
    List<Token> sorted = sorted(tokens);
    double[] probabilities = softmax(sorted);
    double mass = 0;
    for (int i = 0; i < sorted.size(); i++) {
      mass += probabilities[i];
      if (mass >= p) {
        return sorted.subList(0, i + 1);
      }
    }
    return sorted;
  }

  static List<Token> minP(List<Token> tokens, double p) {
    double[] probabilities = softmax(tokens);
    double max = 0;
    for (double probability : probabilities) {
      max = Math.max(max, probability);
    }
    List<Token> kept = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      if (probabilities[i] >= p * max) {
        kept.add(tokens.get(i));
      }
    }
    return kept;
  }

  static List<Token> topNSigma(List<Token> tokens, double n) {
    double mean = tokens.stream().mapToDouble(Token::logit).average().orElseThrow();
    double variance =
        tokens.stream().mapToDouble(t -> Math.pow(t.logit() - mean, 2)).average().orElseThrow();
    double max = tokens.stream().mapToDouble(Token::logit).max().orElseThrow();
    return tokens.stream().filter(t -> t.logit() >= max - n * Math.sqrt(variance)).toList();
  }

  static List<Token> typical(List<Token> tokens, double p) {
    List<Token> sorted = sorted(tokens);
    double[] probabilities = softmax(sorted);
    double entropy = 0;
    for (double probability : probabilities) {
      entropy -= probability == 0 ? 0 : probability * Math.log(probability);
    }
    double h = entropy;
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < sorted.size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingDouble(i -> Math.abs(-Math.log(probabilities[i]) - h)));
    List<Token> kept = new ArrayList<>();
    double mass = 0;
    for (int i : order) {
      kept.add(sorted.get(i));
      mass += probabilities[i];
      if (mass > p) {
        break;
      }
    }
    return kept;
  }

  static List<Token> xtc(List<Token> tokens, double threshold) {
    List<Token> sorted = sorted(tokens);
    double[] probabilities = softmax(sorted);
    int last = 0;
    for (int i = 0; i < sorted.size(); i++) {
      if (probabilities[i] >= threshold) {
        last = i;
      }
    }
    return sorted.subList(last, sorted.size());
  }

  static List<Token> penalties(List<Token> tokens, List<Integer> seen, Penalties p) {
    int from = p.lastN() < 0 ? 0 : Math.max(0, seen.size() - p.lastN());
    Map<Integer, Integer> counts = new HashMap<>();
    seen.subList(from, seen.size()).forEach(t -> counts.merge(t, 1, Integer::sum));
    List<Token> changed = new ArrayList<>();
    for (Token t : tokens) {
      int count = counts.getOrDefault(t.id(), 0);
      double logit = t.logit();
      if (count > 0) {
        logit = logit > 0 ? logit / p.repeat() : logit * p.repeat();
        logit -= count * (double) p.frequency() + p.presence();
      }
      changed.add(new Token(t.id(), logit));
    }
    return changed;
  }

  /** For each earlier position, counts by hand how long the text before it matches the end. */
  static List<Token> dry(List<Token> tokens, List<Integer> seen, Dry d) {
    int from = d.lastN() < 0 ? 0 : Math.max(0, seen.size() - d.lastN());
    List<Integer> text = seen.subList(from, seen.size());
    int start = afterLatestBreaker(text, d.breakers());
    Map<Integer, Integer> longest = new HashMap<>();
    for (int next = 1; next < text.size(); next++) {
      int length = 0;
      while (length < next
          && text.size() - 1 - length >= start
          && text.get(next - 1 - length).equals(text.get(text.size() - 1 - length))) {
        length++;
      }
      longest.merge(text.get(next), length, Math::max);
    }
    List<Token> changed = new ArrayList<>();
    for (Token t : tokens) {
      int length = longest.getOrDefault(t.id(), -1);
      boolean penalised =
          length >= d.allowedLength()
              && text.size() > d.allowedLength()
              && !d.breakers().contains(List.of(t.id()));
      double penalty =
          penalised ? d.multiplier() * Math.pow(d.base(), length - d.allowedLength()) : 0;
      changed.add(new Token(t.id(), t.logit() - penalty));
    }
    return changed;
  }

  /**
   * Index of the first token after the breaker that starts last; the longest one where two start.
   */
  private static int afterLatestBreaker(List<Integer> text, List<List<Integer>> breakers) {
    for (int i = text.size() - 1; i >= 0; i--) {
      int end = -1;
      for (List<Integer> breaker : breakers) {
        if (i + breaker.size() <= text.size()
            && text.subList(i, i + breaker.size()).equals(breaker)) {
          end = Math.max(end, i + breaker.size());
        }
      }
      if (end >= 0) {
        return end;
      }
    }
    return 0;
  }
}
