package dev.jandaia.train;

import dev.jandaia.tensor.JandaiaException;

/**
 * How to train.
 *
 * @param steps optimiser steps in all
 * @param batchSize sequences per step
 * @param learningRate at its peak
 * @param warmup steps until the peak
 * @param finalRate the last rate as a fraction of the peak
 * @param weightDecay on matrices
 * @param clipNorm longest gradient that is not scaled down
 * @param seed of the start and of the examples
 */
public record TrainingOptions(
    int steps,
    int batchSize,
    double learningRate,
    int warmup,
    double finalRate,
    double weightDecay,
    double clipNorm,
    long seed) {

  public TrainingOptions {
    require(steps >= 1, "steps", steps);
    require(batchSize >= 1, "batchSize", batchSize);
    require(learningRate > 0, "learningRate", learningRate);
    require(warmup >= 0, "warmup", warmup);
    require(finalRate >= 0 && finalRate <= 1, "finalRate", finalRate);
    require(weightDecay >= 0, "weightDecay", weightDecay);
    require(clipNorm > 0, "clipNorm", clipNorm);
  }

  private static void require(boolean holds, String field, Object found) {
    if (!holds) {
      throw new JandaiaException("training: " + field + ": out of range, found " + found);
    }
  }

  LearningRate schedule() {
    return LearningRate.cosine(learningRate, warmup, steps, finalRate);
  }

  AdamW.Options optimizer() {
    return new AdamW.Options(0.9, 0.95, 1e-8, weightDecay);
  }
}
