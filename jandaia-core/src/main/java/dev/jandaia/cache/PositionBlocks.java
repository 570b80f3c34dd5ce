package dev.jandaia.cache;

import java.util.Arrays;

/**
 * Memory by position in blocks of {@value #LENGTH} positions, allocated when first written. With a
 * limit the blocks form a ring and the oldest is written over.
 */
final class PositionBlocks {
  /**
   * Positions per block: long enough for the kernels, short enough not to waste memory on small
   * windows.
   */
  static final int LENGTH = 64;

  private final int floatsPerBlock;
  private final int limit;
  private float[][] blocks;

  private PositionBlocks(int floatsPerPosition, int limit, int initial) {
    this.floatsPerBlock = Math.multiplyExact(floatsPerPosition, LENGTH);
    this.limit = limit;
    this.blocks = new float[initial][];
  }

  /** Blocks for every position. */
  static PositionBlocks unlimited(int floatsPerPosition) {
    return new PositionBlocks(floatsPerPosition, Integer.MAX_VALUE, 16);
  }

  /** As many blocks as hold the last {@code positions} positions wherever they begin. */
  static PositionBlocks lasting(int floatsPerPosition, int positions) {
    int limit = Math.ceilDiv(positions - 1, LENGTH) + 1;
    return new PositionBlocks(floatsPerPosition, limit, limit);
  }

  /** The first position that is held when {@code end} positions have been written. */
  int start(int end) {
    int writtenBlocks = Math.ceilDiv(end, LENGTH);
    return Math.max(0, writtenBlocks - limit) * LENGTH;
  }

  float[] block(int position) {
    return blocks[position / LENGTH % limit];
  }

  float[] blockForWriting(int position) {
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
    PositionBlocks copy = new PositionBlocks(floatsPerBlock / LENGTH, limit, blocks.length);
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
