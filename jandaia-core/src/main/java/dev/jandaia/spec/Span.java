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
}
