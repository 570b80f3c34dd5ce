package dev.jandaia.spec;

/**
 * Per-layer embeddings (Gemma 3n): each token has a vector e for every layer, from a table of their
 * own and from the embedding x of the token: e = (√size·E[id] + norm(W·x/√C))/√2, the norm for each
 * layer's part alone.
 *
 * @param vocabSize rows of the table, each as wide as the vectors of all layers together
 * @param size elements of one layer's vector
 * @param norm of the projected embedding
 */
public record LayerEmbedding(int vocabSize, int size, Norm norm) {
  public LayerEmbedding {
    Check.positive("layerEmbedding.vocabSize", vocabSize);
    Check.positive("layerEmbedding.size", size);
  }
}
