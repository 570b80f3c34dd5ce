package dev.jandaia.generate;

/**
 * What followed a prompt.
 *
 * @param tokens the sampled ids, without the end token
 * @param reason why there are no more
 */
public record Completion(int[] tokens, FinishReason reason) {}
