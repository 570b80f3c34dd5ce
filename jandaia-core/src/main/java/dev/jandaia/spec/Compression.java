package dev.jandaia.spec;

import java.util.Optional;

/**
 * One entry in place of the keys and values of every {@code rate} tokens (DeepSeek-V4). With a_j =
 * W_v·x_j and g_j = W_g·x_j, element d of an entry is Σ_j softmax_j(g_jd + b_jd)·a_jd over the
 * tokens of its window, b learned by place in the window; it is then normalised and rotated as the
 * first of its tokens. A token attends to the entries of windows that end with it or before it.
 *
 * @param rate tokens per entry
 * @param overlap whether an entry also draws on the window before its own: W_v and W_g then have
 *     two parts, one for each of the two entries a token takes part in
 * @param norm of an entry
 * @param indexer chooses among the entries by entries of its own, made in the same way but
 *     normalised by its key norm; empty where all are attended to
 * @param topK entries attended to at most; 0 without an indexer
 */
public record Compression(
    int rate, boolean overlap, Norm norm, Optional<Indexer> indexer, int topK) {
  public Compression {
    Check.positive("attention.compression.rate", rate);
    if (indexer.isPresent()) {
      Check.positive("attention.compression.topK", topK);
    } else if (topK != 0) {
      throw new SpecException(
          "attention.compression.topK: expected 0 without an indexer, found " + topK);
    }
  }

  /** Outputs of W_v, and of W_g, for entries of {@code dim} elements. */
  public int width(int dim) {
    return overlap ? 2 * dim : dim;
  }

  /** Tokens that one entry is made of: those of its window, and with overlap of the one before. */
  public int slots() {
    return overlap ? 2 * rate : rate;
  }
}
