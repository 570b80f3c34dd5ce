package dev.jandaia.cache;

/**
 * What one layer remembers of one sequence: keys and values by position, perhaps with entries that
 * stand for several positions, or a state of fixed size that every token changes.
 */
public sealed interface LayerCache permits KeyValueCache, RecurrentCache, CompressedCache {

  /** One past the last position seen. */
  int end();

  /**
   * Whether positions from {@code end} on can be forgotten. A sliding cache may already have
   * dropped earlier ones that the position {@code end} looks at; a recurrent state can only stay as
   * it is, or begin anew.
   */
  boolean canTruncate(int end);

  /**
   * Forgets all positions from {@code end} on.
   *
   * @throws IllegalStateException if not {@link #canTruncate}
   */
  void truncate(int end);

  /** An independent copy. */
  LayerCache fork();

  /** Bytes of memory held. */
  long bytes();
}
