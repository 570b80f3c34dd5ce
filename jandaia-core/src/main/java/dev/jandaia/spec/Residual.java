package dev.jandaia.spec;

/**
 * How the two halves f (mixer, then feed-forward) of a layer are wired into the residual stream x.
 */
public sealed interface Residual {

  /** x + f(norm(x)): Llama and most others. */
  record PreNorm(Norm norm) implements Residual {}

  /** x + norm(f(x)): OLMo 2. */
  record PostNorm(Norm norm) implements Residual {}

  /** x + post(f(pre(x))): Gemma 2 and 3. */
  record Sandwich(Norm norm) implements Residual {}

  /** x + scale·f(norm(x)): Granite. */
  record ScaledPreNorm(Norm norm, double scale) implements Residual {
    public ScaledPreNorm {
      Check.positive("residual.scale", scale);
    }
  }

  /** x + mixer(norm(x)) + feedForward(norm(x)), one norm for both: Cohere. */
  record Parallel(Norm norm) implements Residual {}
}
