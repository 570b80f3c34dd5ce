package dev.jandaia.train;

import java.util.random.RandomGenerator;

/**
 * The random numbers of a training run: a 64-bit counter, mixed. The whole state is one long, so
 * that a snapshot can hold it. Source: Steele, Lea and Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014.
 */
public final class SplitMix64 implements RandomGenerator {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  public SplitMix64(long seed) {
    state = seed;
  }

  /** What a generator needs to continue from here: {@code new SplitMix64(state())}. */
  public long state() {
    return state;
  }

  @Override
  public long nextLong() {
    state += GOLDEN_GAMMA;
    long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /**
   * A number below {@code bound}, by multiplication: the same on every JDK, and off by less than
   * bound/2³² from uniform.
   */
  @Override
  public int nextInt(int bound) {
    return (int) ((nextLong() >>> 32) * bound >>> 32);
  }
}
