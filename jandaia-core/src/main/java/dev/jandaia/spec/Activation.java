package dev.jandaia.spec;

/** A function of one number. */
public enum Activation {
  /** z·σ(z). */
  SILU,
  /** z·Φ(z), Φ the normal distribution function. */
  GELU,
  /** z/2·(1 + tanh(√(2/π)·(z + 0.044715·z³))): {@code gelu_new}, {@code gelu_pytorch_tanh}. */
  GELU_TANH,
  /** max(z, 0). */
  RELU,
  /** max(z, 0)². */
  RELU_SQUARED
}
