package dev.jandaia.spec;

/**
 * What a layer does with the vector e that {@link LayerEmbedding} has for it and the token:
 * norm(W_o · (activation(W_i·x) ⊙ e)), to be added to the residual stream.
 *
 * @param size elements of e
 * @param activation of the gate
 * @param norm of the result
 */
public record LayerInput(int size, Activation activation, Norm norm) {
  public LayerInput {
    Check.positive("layerInput.size", size);
  }
}
