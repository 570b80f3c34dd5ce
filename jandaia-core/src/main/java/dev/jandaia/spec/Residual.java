package dev.jandaia.spec;

import java.util.Optional;

/**
 * How the two halves f (mixer, then feed-forward) of a layer are wired into the residual stream x.
 */
public sealed interface Residual {

  /** Residual streams that a model of such layers carries. */
  default int streams() {
    return 1;
  }

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

  /**
   * With y = layer(x): y + input(y), the token's own vector for this layer added last.
   *
   * @param layer how the halves are wired
   * @param input what is made of the vector
   */
  record WithInput(Residual layer, LayerInput input) implements Residual {
    public WithInput {
      requireOneStream(layer);
    }
  }

  /**
   * s·layer(x), s one number that is stored with the model and not trained: Gemma 4.
   *
   * @param layer how everything before is wired
   */
  record Rescaled(Residual layer) implements Residual {
    public Rescaled {
      requireOneStream(layer);
    }
  }

  /**
   * {@link Sandwich} with a learned shortcut of low rank around the mixer (LAuReL, 2411.07501):
   * with n = pre(x), y = (x + post(mixer(n)) + n + norm(W_R·W_L·n))/√2, then y +
   * post(feedForward(pre(y))).
   *
   * @param rank outputs of W_L
   */
  record Laurel(Norm norm, int rank) implements Residual {
    public Laurel {
      Check.positive("residual.rank", rank);
    }
  }

  /**
   * Alternating updates (AltUp, 2301.13310): several residual streams of which one passes through
   * the layer. With signs(x) = tanh(W_s·norm(x)/C), every stream is first predicted from all, p_j =
   * x_j + Σ_i c_ji·x_i, c = W_p·signs(x_active); the layer makes y of p_active; then all are
   * corrected, p_j + (1 + d_j)·(y − p_active), d = W_c·signs(y). Last, the token's own vector for
   * this layer, gated by the corrected active stream, is added to every stream but the first.
   *
   * @param layer how the halves are wired into the active stream
   * @param streams how many there are, n
   * @param active index of the stream that passes through the layer
   * @param norm before W_s
   * @param input what is made of the vector
   * @param scaledInput whether the stream that gates the vector is first multiplied by the learned
   *     factors that are stored either way
   * @param bound on the magnitude of the elements of W_p and W_c while they are trained; empty for
   *     none
   */
  record AltUp(
      Residual layer,
      int streams,
      int active,
      Norm norm,
      LayerInput input,
      boolean scaledInput,
      Optional<Double> bound)
      implements Residual {
    /** Streams whose coefficients are not bounded. */
    public AltUp(
        Residual layer, int streams, int active, Norm norm, LayerInput input, boolean scaledInput) {
      this(layer, streams, active, norm, input, scaledInput, Optional.empty());
    }

    public AltUp {
      bound.ifPresent(limit -> Check.positive("residual.bound", limit));
      Check.positive("residual.streams", streams);
      Check.atLeast("residual.active", 0, active);
      Check.atMost("residual.active", active, "streams - 1", streams - 1);
      requireOneStream(layer);
    }
  }

  /**
   * With u the streams collapsed to one: f(norm(u)) is spread over the streams, which are mixed
   * (DeepSeek-V4).
   *
   * @param norm of what each half reads
   * @param wiring of the streams, the same in all layers
   */
  record HyperConnected(Norm norm, HyperConnections wiring) implements Residual {
    @Override
    public int streams() {
      return wiring.streams();
    }
  }

  private static void requireOneStream(Residual layer) {
    if (layer.streams() > 1) {
      throw new SpecException("residual.layer: expected one stream, found " + layer.streams());
    }
  }
}
