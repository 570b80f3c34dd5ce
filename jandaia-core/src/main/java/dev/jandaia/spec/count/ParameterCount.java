package dev.jandaia.spec.count;

import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.MixtureOfExperts;
import dev.jandaia.spec.ModelSpec;
import java.util.Optional;

/**
 * How many parameters a model has. Only those that follow a gradient count; a tied table counts
 * once.
 *
 * @param total all parameters
 * @param routedExperts those inside routed experts: Σ layers, E·(3·C·F + biases)
 * @param active those that take part in computing one token: total − routedExperts·(1 − topK/E)
 * @param embedding the token table (and the position table where there is one)
 * @param head the output matrix; 0 when the token table serves
 * @param layerEmbedding the table of vectors for the layers; 0 in most models
 * @param prediction those of modules that foresee further tokens, which are in none of the others;
 *     0 in most models
 */
public record ParameterCount(
    long total,
    long routedExperts,
    long active,
    long embedding,
    long head,
    long layerEmbedding,
    long prediction) {

  /** Counts a model's parameters. */
  public static ParameterCount of(ModelSpec spec) {
    long embedding = 0;
    long head = 0;
    long layers = 0;
    long total = 0;
    for (ParameterSpec parameter : Parameters.of(spec)) {
      long elements = parameter.learned() ? parameter.elements() : 0;
      total += elements;
      embedding += parameter.path().startsWith("embedding.") ? elements : 0;
      head += parameter.path().startsWith("head.") ? elements : 0;
      layers += parameter.path().equals("layerEmbedding.tokens.weight") ? elements : 0;
    }
    long routed = 0;
    long idle = 0;
    for (BlockSpec block : spec.blocks()) {
      Optional<MixtureOfExperts> experts = MixtureOfExperts.in(block.feedForward());
      if (experts.isPresent()) {
        MixtureOfExperts moe = experts.get();
        long expert = FeedForwardCost.weights(moe.expert(), spec.hiddenSize());
        routed += expert * moe.numExperts();
        idle += expert * (moe.numExperts() - moe.router().topK());
      }
    }
    long prediction =
        Parameters.ofPrediction(spec).stream()
            .filter(ParameterSpec::learned)
            .mapToLong(ParameterSpec::elements)
            .sum();
    return new ParameterCount(total, routed, total - idle, embedding, head, layers, prediction);
  }

  /** Total without the input and output tables. */
  public long withoutEmbedding() {
    return total - embedding - head - layerEmbedding;
  }

  /**
   * Active parameters as publishers often give them: the input table is looked up, not computed
   * with, so it is left out unless it also serves as the head. So is the table of vectors for the
   * layers.
   */
  public long activeWithoutInputEmbedding() {
    return (head == 0 ? active : active - embedding) - layerEmbedding;
  }

  /** The part of all parameters that lies in the input table. */
  public double embeddingShare() {
    return (double) embedding / total;
  }

  /** The part of all parameters that lies in routed experts. */
  public double routedExpertShare() {
    return (double) routedExperts / total;
  }
}
