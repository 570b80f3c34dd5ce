package dev.jandaia.generate.sample;

import dev.jandaia.tensor.JandaiaException;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Adds a constant to the logits of chosen tokens; minus infinity bans a token. Tokens that are not
 * candidates are left out.
 *
 * @param biases at most one per token
 */
public record LogitBias(List<Bias> biases) implements SamplerStep {
  /** No bias at all. */
  public static final LogitBias NONE = new LogitBias(List.of());

  /** A bias for one token: finite, or minus infinity to ban it. */
  public record Bias(int token, float bias) {
    public Bias {
      Require.atLeast("logit_bias token", token, 0);
      if (Float.isNaN(bias) || bias == Float.POSITIVE_INFINITY) {
        throw new JandaiaException(
            "logit_bias of token %d: expected a finite value or -Infinity, found %s"
                .formatted(token, bias));
      }
    }
  }

  public LogitBias {
    biases = List.copyOf(biases);
    if (biases.stream().mapToInt(Bias::token).distinct().count() < biases.size()) {
      throw new JandaiaException("logit_bias: expected one bias per token, found a token twice");
    }
  }

  /** Biases by token id. */
  public static LogitBias of(Map<Integer, Float> biases) {
    return new LogitBias(
        biases.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(entry -> new Bias(entry.getKey(), entry.getValue()))
            .toList());
  }

  @Override
  public String name() {
    return "logit_bias";
  }

  @Override
  public boolean isOff() {
    return biases.isEmpty();
  }

  @Override
  public void apply(Candidates candidates, TokenHistory history, RandomGenerator random) {
    for (int b = 0; b < biases.size(); b++) {
      candidates.mark(biases.get(b).token(), b + 1);
    }
    int kept = 0;
    for (int i = 0; i < candidates.size; i++) {
      int mark = candidates.marks[candidates.ids[i]];
      float bias = mark == 0 ? 0 : biases.get(mark - 1).bias();
      if (bias != Float.NEGATIVE_INFINITY) {
        candidates.move(i, kept);
        candidates.set(kept++, candidates.logits[i] + bias);
      }
    }
    candidates.size = kept;
    for (int b = 0; b < biases.size(); b++) {
      candidates.mark(biases.get(b).token(), 0);
    }
  }
}
