package dev.jandaia.generate;

import dev.jandaia.generate.sample.SamplerChain;
import java.util.List;
import java.util.Set;

/**
 * How a completion is made.
 *
 * @param sampler how the next token is chosen from the logits
 * @param seed of the random choices; the same seed, prompt and options give the same tokens
 * @param maxTokens generated at most
 * @param endTokens ids after which a completion ends; they are not part of it
 * @param stops texts before which a completion ends
 */
public record GenerationOptions(
    SamplerChain sampler, long seed, int maxTokens, Set<Integer> endTokens, List<String> stops) {

  public GenerationOptions {
    if (maxTokens < 0) {
      throw new IllegalArgumentException("maxTokens: expected at least 0, found " + maxTokens);
    }
    endTokens = Set.copyOf(endTokens);
    stops = List.copyOf(stops);
    if (stops.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("stops: expected texts that are not empty");
    }
  }

  /** The most likely token each time, {@code maxTokens} of them, nothing ends it early. */
  public static GenerationOptions greedy(int maxTokens) {
    return new GenerationOptions(SamplerChain.greedy(), 0, maxTokens, Set.of(), List.of());
  }

  public GenerationOptions withSampler(SamplerChain other) {
    return new GenerationOptions(other, seed, maxTokens, endTokens, stops);
  }

  public GenerationOptions withSeed(long other) {
    return new GenerationOptions(sampler, other, maxTokens, endTokens, stops);
  }

  public GenerationOptions withMaxTokens(int other) {
    return new GenerationOptions(sampler, seed, other, endTokens, stops);
  }

  public GenerationOptions withEndTokens(Set<Integer> other) {
    return new GenerationOptions(sampler, seed, maxTokens, other, stops);
  }

  public GenerationOptions withStops(List<String> other) {
    return new GenerationOptions(sampler, seed, maxTokens, endTokens, other);
  }
}
