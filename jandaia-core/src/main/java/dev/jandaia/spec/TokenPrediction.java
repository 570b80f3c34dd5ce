package dev.jandaia.spec;

import java.util.Optional;

/**
 * Modules that predict further tokens (2404.19737, in the sequential form of DeepSeek-V3,
 * 2412.19437). From the normalised hidden state h of position i and the token after it, a module
 * foresees the token after that:
 *
 * <pre>
 *   x = M·[norm(embed(t_{i+1})); norm(h_i)]      M [C, 2C]
 *   h'_i = norm(block(x)_i)                      attention over positions ≤ i
 *   logits for t_{i+2} = head(h'_i)
 * </pre>
 *
 * A further module takes h' and t_{i+2} in turn. Where residual streams are hyper-connected
 * (DeepSeek-V4), h is all n of them as they leave the last layer, and M two matrices:
 *
 * <pre>
 *   x_s = E·norm(embed(t_{i+1})) + H·norm(h_{i,s})    E, H [C, C], for each stream s
 *   h'_i = block(x)_i                                 passed on as streams
 *   logits for t_{i+2} = head(norm(collapse(h'_i)))
 * </pre>
 *
 * Embedding and head are those of the model; every norm, and the collapse, have weights of their
 * own. Modules serve speculation and training; without them the model says the same, and so
 * published parameter counts leave them out.
 *
 * @param numModules how many tokens further than the next one are foreseen
 * @param block the layer of each module
 * @param norm of the embedding, of the hidden state, and of the output
 */
public record TokenPrediction(int numModules, BlockSpec block, Norm norm) {
  public TokenPrediction {
    Check.positive("prediction.numModules", numModules);
    boolean leansOnOthers =
        (block.residual().streams() > 1 && !(block.residual() instanceof Residual.HyperConnected))
            || (block.mixer() instanceof GroupedQueryAttention attention
                && attention.keyValues() instanceof KeyValues.OfLayer)
            || (block.mixer() instanceof LatentAttention latent
                && latent.span() instanceof Span.Sparse(Optional<Indexer> indexer, _)
                && indexer.isEmpty());
    if (leansOnOthers) {
      throw new SpecException(
          "prediction.block: expected a layer without AltUp that needs no other layer");
    }
  }
}
