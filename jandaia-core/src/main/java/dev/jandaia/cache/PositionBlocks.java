package dev.jandaia.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Memory by position in blocks of {@value #LENGTH} positions, allocated when first written. With a
 * limit the blocks form a ring and the oldest is written over. Which positions are held depends on
 * the furthest one ever written, not on where the sequence ends now: going back does not bring back
 * what was written over.
 *
 * @param <B> a block, whatever it is made of
 */
final class PositionBlocks<B> {
  /**
   * Positions per block: long enough for the kernels, short enough not to waste memory on small
   * windows.
   */
  static final int LENGTH = 64;

  private final Retention retention;
  private final int limit;
  private final List<B> blocks = new ArrayList<>();
  private int begun;

  PositionBlocks(Retention retention) {
    this.retention = retention;
    this.limit =
        retention.equals(Retention.ALL)
            ? Integer.MAX_VALUE
            : Math.ceilDiv(retention.window() - 1, LENGTH) + 1;
  }

  /** The first position that is held. */
  int start() {
    return Math.max(0, begun - limit) * LENGTH;
  }

  /** Whether a sequence that ends at {@code end} has all that its next position looks at. */
  boolean canEndAt(int end) {
    return end == 0 || retention.firstNeeded(end) >= start();
  }

  /** Notes that the sequence ends at {@code end} now; an empty one begins a ring anew. */
  void endAt(int end) {
    begun = end == 0 ? 0 : begun;
  }

  B block(int position) {
    return blocks.get(position / LENGTH % limit);
  }

  /** Whether a block is there for a position. */
  boolean holds(int position) {
    return position / LENGTH % limit < blocks.size();
  }

  B blockForWriting(int position, Supplier<B> newBlock) {
    begun = Math.max(begun, position / LENGTH + 1);
    int index = position / LENGTH % limit;
    while (index >= blocks.size()) {
      blocks.add(newBlock.get());
    }
    return blocks.get(index);
  }

  /** Place of a position within its block. */
  static int slot(int position) {
    return position % LENGTH;
  }

  /** How many of {@code count} positions from {@code position} on lie in its block. */
  static int run(int position, int count) {
    return Math.min(count, LENGTH - slot(position));
  }

  PositionBlocks<B> copy(UnaryOperator<B> copyOf) {
    PositionBlocks<B> copy = new PositionBlocks<>(retention);
    copy.begun = begun;
    blocks.forEach(block -> copy.blocks.add(copyOf.apply(block)));
    return copy;
  }

  /** How many blocks are allocated. */
  int count() {
    return blocks.size();
  }
}
