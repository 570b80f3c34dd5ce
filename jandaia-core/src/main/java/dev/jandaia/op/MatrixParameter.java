package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.WeightMatrix;
import dev.jandaia.tensor.Tensor;
import java.lang.foreign.ValueLayout;

/**
 * A weight matrix {@code [rows, cols]} of a model, in any encoding; trainable ones also hold a
 * gradient.
 */
public final class MatrixParameter {
  private final String path;
  private final Tensor tensor;
  private final WeightMatrix weight;
  private float[] grad = {};

  /**
   * @param path canonical path in the spec, {@code blocks.0.mixer.query.weight}
   * @param tensor the stored matrix; its memory is read, not copied
   */
  public MatrixParameter(String path, Tensor tensor, Kernels kernels) {
    this.path = path;
    this.tensor = tensor;
    this.weight = kernels.weight(tensor);
  }

  public String path() {
    return path;
  }

  public Tensor tensor() {
    return tensor;
  }

  public WeightMatrix weight() {
    return weight;
  }

  public int rows() {
    return weight.rows();
  }

  public int cols() {
    return weight.cols();
  }

  /**
   * Brings the elements of a trainable matrix of f32 back into ±{@code limit}; one that is not
   * trained stays as it is.
   */
  public void bound(float limit) {
    for (long i = 0; i < grad.length; i++) {
      float value = tensor.data().getAtIndex(ValueLayout.JAVA_FLOAT, i);
      if (Math.abs(value) > limit) {
        tensor.data().setAtIndex(ValueLayout.JAVA_FLOAT, i, Math.copySign(limit, value));
      }
    }
  }

  /** Gives the parameter a zero gradient; from now on backward passes add to it. */
  public void makeTrainable() {
    grad = new float[Math.multiplyExact(rows(), cols())];
  }

  public boolean trainable() {
    return grad.length > 0;
  }

  /** ∂loss/∂weight, {@code [rows, cols]} f32; empty unless trainable. */
  public float[] grad() {
    return grad;
  }
}
