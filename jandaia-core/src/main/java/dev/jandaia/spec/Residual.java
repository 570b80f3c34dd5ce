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

  /**
   * With n = norm(x): stream·n + branch·f(n). What is carried on is the normalised stream itself
   * (MiniMax-01, 2501.08313).
   *
   * @param mixer the weights after the mixer
   * @param feedForward the weights after the feed-forward part
   */
  record Normalised(Norm norm, Mix mixer, Mix feedForward) implements Residual {}

  /**
   * The weights of a sum.
   *
   * @param stream factor on what is carried on
   * @param branch factor on what is added
   */
  record Mix(double stream, double branch) {}

  /** x + scale·f(norm(x)): Granite. */
  record ScaledPreNorm(Norm norm, double scale) implements Residual {
    public ScaledPreNorm {
      Check.positive("residual.scale", scale);
    }
  }

  /** x + mixer(norm(x)) + feedForward(norm(x)), one norm for both: Cohere. */
  record Parallel(Norm norm) implements Residual {}
}
