package dev.jandaia.model;

import dev.jandaia.op.Compute;
import dev.jandaia.op.LayerNorm;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.RmsGain;
import dev.jandaia.op.RmsNorm;
import dev.jandaia.op.RowSource;
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

  /**
   * As {@link #apply}, for who reads row by row: they may be made when they are read, until when x
   * stays as it is.
   */
  default RowSource rows(Compute compute, Matrix x) {
    return apply(compute, x);
  }

  /** No normalisation. */
  NormLayer NONE = (compute, x) -> x;

  static NormLayer of(Norm norm, Weights weights, String path, int width) {
    return switch (norm) {
      case Norm.None _ -> NONE;
      case Norm.Rms rms ->
          new RmsLayer(gain(rms.gain(), weights, path, width), (float) rms.epsilon());
      case Norm.Layer layer -> {
        VectorParameter weight = weights.vector(path + ".weight", width);
        Optional<VectorParameter> bias =
            layer.bias() ? Optional.of(weights.vector(path + ".bias", width)) : Optional.empty();
        float epsilon = (float) layer.epsilon();
        yield (compute, x) -> LayerNorm.apply(compute, x, weight, bias, epsilon);
      }
    };
  }

  /** RMSNorm. */
  record RmsLayer(RmsGain gain, float epsilon) implements NormLayer {
    @Override
    public Matrix apply(Compute compute, Matrix x) {
      return RmsNorm.apply(compute, x, gain, epsilon);
    }

    @Override
    public RowSource rows(Compute compute, Matrix x) {
      return RmsNorm.rows(compute, x, gain, epsilon);
    }
  }

  private static RmsGain gain(Norm.Gain gain, Weights weights, String path, int width) {
    return switch (gain) {
      case WEIGHT -> RmsGain.weight(weights.vector(path + ".weight", width));
      case ONE_PLUS_WEIGHT -> RmsGain.onePlus(weights.vector(path + ".weight", width));
      case NONE -> RmsGain.none(width);
    };
  }
}
