package dev.jandaia.spec;

/**
 * Two projections with an activation between: down(act(up(x))).
 *
 * @param intermediateSize width between the projections, F
 * @param activation between the projections
 * @param bias whether both projections have a bias
 */
public record Mlp(int intermediateSize, Activation activation, boolean bias)
    implements FeedForward {
  public Mlp {
    Check.positive("mlp.intermediateSize", intermediateSize);
  }
}
