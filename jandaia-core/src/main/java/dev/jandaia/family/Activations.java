package dev.jandaia.family;

import dev.jandaia.spec.Activation;
import dev.jandaia.spec.Gating;

/** Activation functions by their published names. */
final class Activations {
  private Activations() {}

  /** The activation a field of a config names. */
  static Activation read(Config config, String field) {
    return switch (config.text(field)) {
      case "silu", "swish" -> Activation.SILU;
      case "gelu" -> Activation.GELU;
      case "gelu_new", "gelu_pytorch_tanh" -> Activation.GELU_TANH;
      case "relu" -> Activation.RELU;
      case "relu2" -> Activation.RELU_SQUARED;
      default ->
          throw config.bad(
              field, "one of silu, swish, gelu, gelu_new, gelu_pytorch_tanh, relu, relu2");
    };
  }

  /** The name of an activation. */
  static String name(Activation activation) {
    return switch (activation) {
      case SILU -> "silu";
      case GELU -> "gelu";
      case GELU_TANH -> "gelu_pytorch_tanh";
      case RELU -> "relu";
      case RELU_SQUARED -> "relu2";
    };
  }

  /** activation(gate)·up with the activation a field of a config names. */
  static Gating gating(Config config, String field) {
    return new Gating.Plain(read(config, field));
  }
}
