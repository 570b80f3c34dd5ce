package dev.jandaia.model;

import dev.jandaia.op.GateFunction;
import dev.jandaia.op.PointFunction;
import dev.jandaia.spec.Activation;
import dev.jandaia.spec.Gating;

/** The functions that a spec names. */
final class Activations {
  private Activations() {}

  static PointFunction function(Activation activation) {
    return switch (activation) {
      case SILU -> PointFunction.SILU;
      case GELU -> PointFunction.GELU;
      case GELU_TANH -> PointFunction.GELU_TANH;
      case RELU -> PointFunction.RELU;
      case RELU_SQUARED -> PointFunction.RELU_SQUARED;
    };
  }

  static GateFunction gate(Gating gating) {
    return switch (gating) {
      case Gating.Plain plain -> GateFunction.of(function(plain.activation()));
      case Gating.GaussianSparse sparse -> GateFunction.of(function(sparse.activation()));
      case Gating.Bounded bounded ->
          GateFunction.bounded(function(bounded.activation()), (float) bounded.limit());
      case Gating.Clamped clamped ->
          GateFunction.clamped((float) clamped.alpha(), (float) clamped.limit());
    };
  }
}
