package dev.jandaia.op;

import dev.jandaia.spec.Position;
import java.util.Arrays;

/**
 * Cosines and sines of RoPE by position: entry (p, i) is factor·cos(p·f_i), factor·sin(p·f_i).
 * Grows as later positions are asked for. Products are rounded to f32 as the reference
 * implementations do, so that long positions agree with them.
 */
public final class RotaryTable {
  private final float[] frequencies;
  private final double factor;
  private final Position.Pairing pairing;
  private float[] cos = {};
  private float[] sin = {};

  /**
   * @param frequencies radians per position, one per pair
   * @param factor multiplies cosines and sines: YaRN's attention factor
   */
  public RotaryTable(float[] frequencies, double factor, Position.Pairing pairing) {
    this.frequencies = frequencies.clone();
    this.factor = factor;
    this.pairing = pairing;
  }

  /** Number of rotated pairs per head. */
  public int half() {
    return frequencies.length;
  }

  Position.Pairing pairing() {
    return pairing;
  }

  float[] cos() {
    return cos;
  }

  float[] sin() {
    return sin;
  }

  /** Makes sure that position {@code last} is in the table. */
  void reach(int last) {
    int half = frequencies.length;
    int known = half == 0 ? Integer.MAX_VALUE : cos.length / half;
    if (last < known) {
      return;
    }
    int length = Math.max(last + 1, Math.max(64, 2 * known));
    cos = Arrays.copyOf(cos, length * half);
    sin = Arrays.copyOf(sin, length * half);
    for (int position = known; position < length; position++) {
      for (int i = 0; i < half; i++) {
        float angle = position * frequencies[i];
        cos[position * half + i] = (float) (factor * Math.cos(angle));
        sin[position * half + i] = (float) (factor * Math.sin(angle));
      }
    }
  }
}
