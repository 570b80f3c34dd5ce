package dev.jandaia.generate.sample;

import java.util.random.RandomGenerator;

/**
 * The random numbers of a sampler: a 64-bit counter, mixed. Unlike the generators of {@code
 * java.util.random} its state is one long, so a sequence can be forked exactly. Source: Steele, Lea
 * and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
 */
final class SplitMix64 implements RandomGenerator {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  SplitMix64(long seed) {
    state = seed;
  }

  SplitMix64 copy() {
    return new SplitMix64(state);
  }

  @Override
  public long nextLong() {
    state += GOLDEN_GAMMA;
    long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
