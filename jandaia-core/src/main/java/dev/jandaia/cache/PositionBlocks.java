package dev.jandaia.cache;

import java.util.Arrays;

/**
 * Memory by position in blocks of {@value #LENGTH} positions, allocated when first written. With a
 * limit the blocks form a ring and the oldest is written over. Which positions are held depends on
 * the furthest one ever written, not on where the sequence ends now: going back does not bring back
 * what was written over.
 */
final class PositionBlocks {
  /**
   * Positions per block: long enough for the kernels, short enough not to waste memory on small
   * windows.
   */
  static final int LENGTH = 64;

  private final int floatsPerBlock;
  private final int window;
  private final int chunk;
  private final int limit;
  private float[][] blocks;
  private int begun;

  private PositionBlocks(int floatsPerPosition, int window, int chunk, int limit, int initial) {
    this.floatsPerBlock = Math.multiplyExact(floatsPerPosition, LENGTH);
    this.window = window;
    this.chunk = chunk;
    this.limit = limit;
    this.blocks = new float[initial][];
  }

  /** Blocks for every position. */
  static PositionBlocks unlimited(int floatsPerPosition) {
    int all = Integer.MAX_VALUE;
    return new PositionBlocks(floatsPerPosition, all, all, all, 16);
  }

  /** As many blocks as hold the last {@code window} positions wherever they begin. */
  static PositionBlocks lasting(int floatsPerPosition, int window) {
    return ring(floatsPerPosition, window, Integer.MAX_VALUE);
  }

  /** As many blocks as hold the positions from the last multiple of {@code size} on. */
  static PositionBlocks chunked(int floatsPerPosition, int size) {
    return ring(floatsPerPosition, size, size);
  }

  private static PositionBlocks ring(int floatsPerPosition, int window, int chunk) {
    int limit = Math.ceilDiv(window - 1, LENGTH) + 1;
    return new PositionBlocks(floatsPerPosition, window, chunk, limit, Math.min(limit, 16));
  }

  /** The first position that is held. */
  int start() {
    return Math.max(0, begun - limit) * LENGTH;
  }

  /** Whether a sequence that ends at {@code end} has all that its next position looks at. */
  boolean canEndAt(int end) {
    return end == 0 || Math.max(end - end % chunk, end - window + 1) >= start();
  }

  /** Notes that the sequence ends at {@code end} now; an empty one begins a ring anew. */
  void endAt(int end) {
    begun = end == 0 ? 0 : begun;
  }

  float[] block(int position) {
    return blocks[position / LENGTH % limit];
  }

  float[] blockForWriting(int position) {
    begun = Math.max(begun, position / LENGTH + 1);
    int index = position / LENGTH % limit;
    if (index >= blocks.length) {
      blocks = Arrays.copyOf(blocks, Math.max(index + 1, 2 * blocks.length));
    }
    if (blocks[index] == null) {
      blocks[index] = new float[floatsPerBlock];
    }
    return blocks[index];
  }

  /** Place of a position within its block. */
  static int slot(int position) {
    return position % LENGTH;
  }

  /** How many of {@code count} positions from {@code position} on lie in its block. */
  static int run(int position, int count) {
    return Math.min(count, LENGTH - slot(position));
  }

  PositionBlocks copy() {
    PositionBlocks copy =
        new PositionBlocks(floatsPerBlock / LENGTH, window, chunk, limit, blocks.length);
    copy.begun = begun;
    for (int i = 0; i < blocks.length; i++) {
      copy.blocks[i] = blocks[i] == null ? null : blocks[i].clone();
    }
    return copy;
  }

  long bytes() {
    long allocated = Arrays.stream(blocks).filter(block -> block != null).count();
    return allocated * floatsPerBlock * Float.BYTES;
  }
}
