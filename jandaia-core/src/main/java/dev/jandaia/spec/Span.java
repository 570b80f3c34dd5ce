package dev.jandaia.spec;

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
}
