package dev.jandaia.model;

import dev.jandaia.op.Compute;
import dev.jandaia.op.LayerNorm;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.RmsGain;
import dev.jandaia.op.RmsNorm;
import dev.jandaia.op.VectorParameter;
import dev.jandaia.spec.Norm;
import java.util.Optional;

/** Executes a {@link Norm}. */
interface NormLayer {

  /**
   * Normalises rows, or groups within rows, of the layer's width; returns x itself where there is
   * nothing to do.
   */
  Matrix apply(Compute compute, Matrix x);

  /** No normalisation. */
  NormLayer NONE = (compute, x) -> x;

  static NormLayer of(Norm norm, Weights weights, String path, int width) {
    return switch (norm) {
      case Norm.None _ -> NONE;
      case Norm.Rms rms -> {
        RmsGain gain = gain(rms.gain(), weights, path, width);
        float epsilon = (float) rms.epsilon();
        yield (compute, x) -> RmsNorm.apply(compute, x, gain, epsilon);
      }
      case Norm.Layer layer -> {
        VectorParameter weight = weights.vector(path + ".weight", width);
        Optional<VectorParameter> bias =
            layer.bias() ? Optional.of(weights.vector(path + ".bias", width)) : Optional.empty();
        float epsilon = (float) layer.epsilon();
        yield (compute, x) -> LayerNorm.apply(compute, x, weight, bias, epsilon);
      }
    };
  }

  private static RmsGain gain(Norm.Gain gain, Weights weights, String path, int width) {
    return switch (gain) {
      case WEIGHT -> RmsGain.weight(weights.vector(path + ".weight", width));
      case ONE_PLUS_WEIGHT -> RmsGain.onePlus(weights.vector(path + ".weight", width));
      case NONE -> RmsGain.none(width);
    };
  }
}
