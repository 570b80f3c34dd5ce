package dev.jandaia.train;

/**
 * What one step did.
 *
 * @param step its number, from 1
 * @param loss mean cross entropy of the learned tokens before the step, nats per token
 * @param gradientNorm before clipping
 * @param learningRate of the step
 * @param tokens of the batch, prompts included
 * @param nanos that the step took
 */
public record StepReport(
    int step, double loss, double gradientNorm, double learningRate, int tokens, long nanos) {

  public double tokensPerSecond() {
    return tokens * 1e9 / nanos;
  }
}
