package dev.jandaia.op;

import java.util.Optional;

/**
 * The factor of an RMSNorm as a function of its stored weight: w, 1 + w, or 1 where there is no
 * weight.
 */
public final class RmsGain {
  private final Optional<VectorParameter> weight;
  private final float shift;
  private final float[] values;

  private RmsGain(Optional<VectorParameter> weight, float shift, int width) {
    this.weight = weight;
    this.shift = shift;
    this.values = new float[width];
    refresh(true);
  }

  /** The stored weight itself. */
  public static RmsGain weight(VectorParameter weight) {
    return new RmsGain(Optional.of(weight), 0, weight.size());
  }

  /** 1 + the stored weight. */
  public static RmsGain onePlus(VectorParameter weight) {
    return new RmsGain(Optional.of(weight), 1, weight.size());
  }

  /** All ones: a norm without a weight. */
  public static RmsGain none(int width) {
    return new RmsGain(Optional.empty(), 1, width);
  }

  /** The gain; read anew from the weight where training may have changed it. */
  float[] refresh(boolean weightMayHaveChanged) {
    if (weightMayHaveChanged) {
      for (int i = 0; i < values.length; i++) {
        values[i] = shift + (weight.isPresent() ? weight.get().values()[i] : 0);
      }
    }
    return values;
  }

  float[] values() {
    return values;
  }

  /**
   * Where ∂loss/∂gain, which equals ∂loss/∂weight, is added; empty when the weight is not trained.
   */
  float[] grad() {
    return weight.map(VectorParameter::grad).orElseGet(() -> new float[0]);
  }
}
