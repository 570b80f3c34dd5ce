package dev.jandaia.cache;

import dev.jandaia.kernel.Kernels;

/**
 * Keys and values of every key/value head as f32: what MHA, GQA and MQA remember. Within a block
 * each head's rows lie together, {@code [heads, positions, dim]}, so that a run of keys is one
 * stream of memory.
 */
public final class HeadCache implements KeyValueCache {
  private final int heads;
  private final int keyDim;
  private final int valueDim;
  private final PositionBlocks keys;
  private final PositionBlocks values;
  private int end;

  private HeadCache(
      int heads, int keyDim, int valueDim, PositionBlocks keys, PositionBlocks values) {
    this.heads = heads;
    this.keyDim = keyDim;
    this.valueDim = valueDim;
    this.keys = keys;
    this.values = values;
  }

  /** Remembers every position. */
  public static HeadCache full(int heads, int keyDim, int valueDim) {
    return new HeadCache(
        heads,
        keyDim,
        valueDim,
        PositionBlocks.unlimited(heads * keyDim),
        PositionBlocks.unlimited(heads * valueDim));
  }

  /** Remembers at least the last {@code window} positions, in a ring. */
  public static HeadCache sliding(int heads, int keyDim, int valueDim, int window) {
    return new HeadCache(
        heads,
        keyDim,
        valueDim,
        PositionBlocks.lasting(heads * keyDim, window),
        PositionBlocks.lasting(heads * valueDim, window));
  }

  /** Remembers at least the positions of the current chunk, in a ring. */
  public static HeadCache chunked(int heads, int keyDim, int valueDim, int size) {
    return new HeadCache(
        heads,
        keyDim,
        valueDim,
        PositionBlocks.chunked(heads * keyDim, size),
        PositionBlocks.chunked(heads * valueDim, size));
  }

  @Override
  public int start() {
    return keys.start();
  }

  @Override
  public int end() {
    return end;
  }

  @Override
  public void append(
      float[] newKeys,
      int keyOffset,
      int keyStride,
      float[] newValues,
      int valueOffset,
      int valueStride,
      int count) {
    for (int i = 0; i < count; i++) {
      write(newKeys, keyOffset + i * keyStride, keys, keyDim);
      write(newValues, valueOffset + i * valueStride, values, valueDim);
      end++;
    }
  }

  private void write(float[] source, int offset, PositionBlocks target, int dim) {
    float[] block = target.blockForWriting(end);
    for (int head = 0; head < heads; head++) {
      System.arraycopy(source, offset + head * dim, block, place(head, end, dim), dim);
    }
  }

  private static int place(int head, int position, int dim) {
    return (head * PositionBlocks.LENGTH + PositionBlocks.slot(position)) * dim;
  }

  @Override
  public void scores(
      Kernels kernels,
      int head,
      float[] query,
      int queryOffset,
      int from,
      int count,
      float[] out,
      int outOffset) {
    for (int done = 0; done < count; ) {
      int position = from + done;
      int run = PositionBlocks.run(position, count - done);
      int place = place(head, position, keyDim);
      kernels.dots(
          query,
          queryOffset,
          keys.block(position),
          place,
          keyDim,
          run,
          keyDim,
          out,
          outOffset + done);
      done += run;
    }
  }

  @Override
  public void addValues(
      Kernels kernels,
      int head,
      float[] weights,
      int weightOffset,
      int from,
      int count,
      float[] out,
      int outOffset) {
    for (int done = 0; done < count; ) {
      int position = from + done;
      int run = PositionBlocks.run(position, count - done);
      int place = place(head, position, valueDim);
      kernels.weightedSum(
          weights,
          weightOffset + done,
          values.block(position),
          place,
          valueDim,
          run,
          valueDim,
          out,
          outOffset);
      done += run;
    }
  }

  @Override
  public boolean canTruncate(int newEnd) {
    return keys.canEndAt(newEnd);
  }

  @Override
  public void truncate(int newEnd) {
    Truncation.check(this, newEnd);
    keys.endAt(newEnd);
    values.endAt(newEnd);
    end = newEnd;
  }

  @Override
  public KeyValueCache fork() {
    HeadCache copy = new HeadCache(heads, keyDim, valueDim, keys.copy(), values.copy());
    copy.end = end;
    return copy;
  }

  @Override
  public long bytes() {
    return keys.bytes() + values.bytes();
  }
}
