package dev.jandaia.op;

import java.util.Arrays;
import java.util.Optional;

/**
 * The factor of an RMSNorm as a function of its stored weight: w, 1 + w, or a constant where there
 * is no weight.
 */
public final class RmsGain {
  private final Optional<VectorParameter> weight;
  private final float shift;
  private final float[] values;

  private RmsGain(Optional<VectorParameter> weight, float shift, float[] values) {
    this.weight = weight;
    this.shift = shift;
    this.values = values;
  }

  /** The stored weight itself. */
  public static RmsGain weight(VectorParameter weight) {
    return new RmsGain(Optional.of(weight), 0, weight.values());
  }

  /** 1 + the stored weight. */
  public static RmsGain onePlus(VectorParameter weight) {
    RmsGain gain = new RmsGain(Optional.of(weight), 1, new float[weight.size()]);
    gain.addShift();
    return gain;
  }

  /** All ones: a norm without a weight. */
  public static RmsGain none(int width) {
    return constant(width, 1);
  }

  /** The same number everywhere: 1/√width makes unit vectors of what RMSNorm gives. */
  public static RmsGain constant(int width, float value) {
    float[] values = new float[width];
    Arrays.fill(values, value);
    return new RmsGain(Optional.empty(), 0, values);
  }

  /** The gain, computed anew where training may have moved the weight since. */
  float[] values() {
    if (shift != 0 && weight.isPresent() && weight.get().trainable()) {
      addShift();
    }
    return values;
  }

  private void addShift() {
    float[] stored = weight.orElseThrow().values();
    for (int i = 0; i < values.length; i++) {
      values[i] = shift + stored[i];
    }
  }

  /**
   * Where ∂loss/∂gain, which equals ∂loss/∂weight, is added; empty when the weight is not trained.
   */
  float[] grad() {
    return weight.map(VectorParameter::grad).orElseGet(() -> new float[0]);
  }
}
