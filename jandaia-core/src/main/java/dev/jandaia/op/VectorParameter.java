package dev.jandaia.op;

/**
 * A vector of a model (a norm's weight, a bias), always f32; trainable ones also hold a gradient.
 */
public final class VectorParameter {
  private final String path;
  private final float[] values;
  private float[] grad = {};

  /**
   * @param path canonical path in the spec, {@code finalNorm.weight}
   * @param values the elements; kept, not copied
   */
  public VectorParameter(String path, float[] values) {
    this.path = path;
    this.values = values;
  }

  public String path() {
    return path;
  }

  public float[] values() {
    return values;
  }

  public int size() {
    return values.length;
  }

  /** Gives the parameter a zero gradient; from now on backward passes add to it. */
  public void makeTrainable() {
    grad = new float[values.length];
  }

  public boolean trainable() {
    return grad.length > 0;
  }

  /** ∂loss/∂values; empty unless trainable. */
  public float[] grad() {
    return grad;
  }
}
