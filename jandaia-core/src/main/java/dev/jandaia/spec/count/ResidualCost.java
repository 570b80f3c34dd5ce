package dev.jandaia.spec.count;

import dev.jandaia.spec.Residual;

/**
 * What the wiring of a layer adds to its halves.
 *
 * <ul>
 *   <li>a layer's own input: the projection that makes it, the gate and the output, 3·P·C.
 *   <li>a shortcut of rank R: 2·R·C.
 *   <li>n hyper-connected streams: for each half coefficients n·(2 + n) from n·C.
 *   <li>n streams of AltUp: twice the signs' n·C, predictions n³, corrections n².
 * </ul>
 */
final class ResidualCost {
  private ResidualCost() {}

  /** Elements of the matrices one token is multiplied with. */
  static long weights(Residual residual, long hiddenSize) {
    return switch (residual) {
      case Residual.PreNorm _,
          Residual.PostNorm _,
          Residual.Sandwich _,
          Residual.Normalised _,
          Residual.ScaledPreNorm _,
          Residual.Parallel _ ->
          0;
      case Residual.HyperConnected(_, var wiring) ->
          2L * wiring.coefficients() * wiring.streams() * hiddenSize;
      case Residual.WithInput(var layer, var input) ->
          weights(layer, hiddenSize) + 3 * input.size() * hiddenSize;
      case Residual.Rescaled(var layer) -> weights(layer, hiddenSize);
      case Residual.Laurel(_, int rank) -> 2 * rank * hiddenSize;
      case Residual.AltUp altUp -> {
        long n = altUp.streams();
        yield weights(altUp.layer(), hiddenSize)
            + 3 * altUp.input().size() * hiddenSize
            + 2 * n * hiddenSize
            + n * n * n
            + n * n;
      }
    };
  }
}
