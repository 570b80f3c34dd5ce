package dev.jandaia.spec;

import java.util.Optional;

/** Which keys a query at position p may see; never a later one. */
public sealed interface Span {
  Span FULL = new Full();

  /** All keys up to p. */
  record Full() implements Span {}

  /** The last {@code window} keys, p itself included: positions greater than p − window. */
  record Sliding(int window) implements Span {
    public Sliding {
      Check.positive("span.window", window);
    }
  }

  /**
   * The keys of the chunk that p lies in: positions from ⌊p/size⌋·size on (Llama 4). At its first
   * position a chunk sees nothing but itself.
   */
  record Chunked(int size) implements Span {
    public Chunked {
      Check.positive("span.size", size);
    }
  }

  /**
   * Of the keys up to p the {@code topK} that an indexer rates highest, the earlier of equals; all
   * keys while there are no more (2512.02556).
   *
   * @param indexer rates the keys; empty in a layer that attends to those which the nearest earlier
   *     layer with an indexer chose (2603.12201)
   */
  record Sparse(Optional<Indexer> indexer, int topK) implements Span {
    public Sparse {
      Check.positive("span.topK", topK);
    }
  }
}
