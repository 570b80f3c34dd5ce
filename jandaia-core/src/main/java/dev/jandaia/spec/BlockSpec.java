package dev.jandaia.spec;

/**
 * One layer: a token mixer and a feed-forward part, wired into the residual stream.
 *
 * @param mixer how tokens look at each other
 * @param feedForward what happens to each token alone
 * @param residual where the norms stand and what is added to what
 */
public record BlockSpec(Mixer mixer, FeedForward feedForward, Residual residual) {

  /** The same halves, wired differently. */
  public BlockSpec withResidual(Residual other) {
    return new BlockSpec(mixer, feedForward, other);
  }
}
