package dev.jandaia.cache;

import java.util.function.Supplier;

/**
 * Rows of floats by position, a row for each head, in one element type. Within a block each head's
 * rows lie together, {@code [heads, positions, dim]}, so that a run of rows is one stream of
 * memory.
 *
 * @param <B> the memory of one block
 */
abstract class RowStore<B> {
  final int heads;
  final int dim;
  private final PositionBlocks<B> blocks;

  /** Kept, for a method reference that is made anew is garbage of every token. */
  private final Supplier<B> newBlock = this::newBlock;

  RowStore(int heads, int dim, PositionBlocks<B> blocks) {
    this.heads = heads;
    this.dim = dim;
    this.blocks = blocks;
  }

  PositionBlocks<B> blocks() {
    return blocks;
  }

  abstract B newBlock();

  abstract B copyOf(B block);

  abstract long blockBytes();

  /** Writes a row of {@code dim} floats as the {@code row}-th of a block. */
  abstract void write(float[] source, int offset, B block, int row);

  /** An independent copy. */
  abstract RowStore<B> fork();

  /** Elements of an entered query for these rows. */
  int queryDim() {
    return dim;
  }

  /** {@link KeysAndValues#enter} for queries of {@code dim} elements. */
  float[] enter(CacheReader reader, int head, float[] queries, int rows) {
    return queries;
  }

  /** {@link KeysAndValues#leave} for sums of the first {@code valueDim} elements of rows. */
  void leave(CacheReader reader, int head, float[] sums, int rows, int valueDim) {}

  /** Announces the first rows of a sequence, as {@link KeyValueCache#append} has them. */
  void begin(float[] source, int offset, int stride, int count) {}

  /** Writes the rows of all heads, one after another from {@code offset} on. */
  final void write(int position, float[] source, int offset) {
    B block = blocks.blockForWriting(position, newBlock);
    for (int head = 0; head < heads; head++) {
      write(source, offset + head * dim, block, row(head, position));
    }
  }

  private static int row(int head, int position) {
    return head * PositionBlocks.LENGTH + PositionBlocks.slot(position);
  }

  /** The block after that of a position, or this one at the end: a reader will want it next. */
  private B next(int position) {
    return blocks.block(
        blocks.holds(position + PositionBlocks.LENGTH)
            ? position + PositionBlocks.LENGTH
            : position);
  }

  /** {@link KeysAndValues#scores} of these rows as keys. */
  final void scores(
      CacheReader reader,
      int head,
      float[] queries,
      int queryOffset,
      int queryRows,
      int from,
      int count,
      float[] out,
      int outOffset,
      int outStride) {
    for (int done = 0; done < count; ) {
      int position = from + done;
      int run = PositionBlocks.run(position, count - done);
      B block = blocks.block(position);
      dots(
          reader,
          block,
          next(position),
          row(head, position),
          run,
          queries,
          queryOffset,
          queryRows,
          out,
          outOffset + done,
          outStride);
      done += run;
    }
  }

  /** {@link KeysAndValues#addValues} of the first {@code valueDim} elements of these rows. */
  final void addValues(
      CacheReader reader,
      int head,
      int valueDim,
      float[] weights,
      int weightOffset,
      int weightStride,
      int weightRows,
      int from,
      int count,
      float[] out,
      int outOffset) {
    for (int done = 0; done < count; ) {
      int position = from + done;
      int run = PositionBlocks.run(position, count - done);
      B block = blocks.block(position);
      weightedSums(
          reader,
          block,
          next(position),
          row(head, position),
          run,
          valueDim,
          weights,
          weightOffset + done,
          weightStride,
          weightRows,
          out,
          outOffset);
      done += run;
    }
  }

  /**
   * Scores of a run of rows of one block.
   *
   * @param next the block whose rows of the same numbers will be wanted next; a hint
   */
  abstract void dots(
      CacheReader reader,
      B block,
      B next,
      int row,
      int count,
      float[] queries,
      int queryOffset,
      int queryRows,
      float[] out,
      int outOffset,
      int outStride);

  /** Adds weighted sums of a run of rows of one block. */
  abstract void weightedSums(
      CacheReader reader,
      B block,
      B next,
      int row,
      int count,
      int valueDim,
      float[] weights,
      int weightOffset,
      int weightStride,
      int weightRows,
      float[] out,
      int outOffset);

  final long bytes() {
    return blocks.count() * blockBytes();
  }
}
