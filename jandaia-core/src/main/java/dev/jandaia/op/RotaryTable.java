package dev.jandaia.op;

import dev.jandaia.spec.Position;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cosines and sines of RoPE by position: entry (p, i) is factor·cos(p·f_i), factor·sin(p·f_i).
 * Grows as later positions are asked for, and may be asked by several threads. Products are rounded
 * to f32 as the reference implementations do, so that long positions agree with them.
 */
public final class RotaryTable {
  /** Positions of the first table, and at least as many of any growth. */
  private static final int GROWTH = 64;

  private final float[] frequencies;
  private final double factor;
  private final Position.Pairing pairing;
  private final int limit;
  private final Optional<RotaryTable> beyond;
  private volatile Angles angles = new Angles(0, new float[0], new float[0]);

  /** Never changed once built, so that a reader on another thread sees it whole. */
  private record Angles(int positions, float[] cos, float[] sin) {}

  /**
   * @param frequencies radians per position, one per pair
   * @param factor multiplies cosines and sines: YaRN's attention factor
   */
  public RotaryTable(float[] frequencies, double factor, Position.Pairing pairing) {
    this(frequencies.clone(), factor, pairing, Integer.MAX_VALUE, Optional.empty());
  }

  private RotaryTable(
      float[] frequencies,
      double factor,
      Position.Pairing pairing,
      int limit,
      Optional<RotaryTable> beyond) {
    this.frequencies = frequencies;
    this.factor = factor;
    this.pairing = pairing;
    this.limit = limit;
    this.beyond = beyond;
  }

  /** This table for sequences of up to {@code length} positions, {@code other} for longer ones. */
  public RotaryTable upTo(int length, RotaryTable other) {
    return new RotaryTable(frequencies, factor, pairing, length, Optional.of(other));
  }

  /** The longest sequence this table serves. */
  public int limit() {
    return limit;
  }

  /** The table for all positions of a sequence that will reach {@code length}. */
  RotaryTable forLength(int length) {
    return length <= limit ? this : beyond.orElseThrow();
  }

  /** Number of rotated pairs per head. */
  public int half() {
    return frequencies.length;
  }

  Position.Pairing pairing() {
    return pairing;
  }

  /** {@code [positions, half]}. */
  float[] cos() {
    return angles.cos();
  }

  /** {@code [positions, half]}. */
  float[] sin() {
    return angles.sin();
  }

  /** Makes sure that position {@code last} is in the table. */
  void reach(int last) {
    if (last >= angles.positions()) {
      grow(last);
    }
  }

  private synchronized void grow(int last) {
    Angles known = angles;
    if (last < known.positions()) {
      return;
    }
    int half = frequencies.length;
    int length = Math.max(last + 1, Math.max(GROWTH, 2 * known.positions()));
    float[] cos = Arrays.copyOf(known.cos(), length * half);
    float[] sin = Arrays.copyOf(known.sin(), length * half);
    for (int position = known.positions(); position < length; position++) {
      for (int i = 0; i < half; i++) {
        float angle = position * frequencies[i];
        cos[position * half + i] = (float) (factor * Math.cos(angle));
        sin[position * half + i] = (float) (factor * Math.sin(angle));
      }
    }
    angles = new Angles(length, cos, sin);
  }
}
