package dev.jandaia.cache;

import dev.jandaia.kernel.Kernels;

/**
 * What multi-head latent attention remembers (2405.04434): one row per position, the normalised
 * latent followed by the rotated shared key. Seen from absorbed attention it is a single key head
 * whose value is the first part of the key, so values take no memory of their own.
 */
public final class LatentCache implements KeyValueCache {
  private final int latentDim;
  private final int rowDim;
  private final PositionBlocks rows;
  private int end;

  private LatentCache(int latentDim, int rowDim, PositionBlocks rows) {
    this.latentDim = latentDim;
    this.rowDim = rowDim;
    this.rows = rows;
  }

  /**
   * Remembers every position.
   *
   * @param latentDim elements of the latent, kvRank
   * @param ropeDim elements of the shared RoPE key
   */
  public static LatentCache full(int latentDim, int ropeDim) {
    int rowDim = latentDim + ropeDim;
    return new LatentCache(latentDim, rowDim, PositionBlocks.unlimited(rowDim));
  }

  /** As {@link #full}, remembering at least the last {@code window} positions. */
  public static LatentCache sliding(int latentDim, int ropeDim, int window) {
    int rowDim = latentDim + ropeDim;
    return new LatentCache(latentDim, rowDim, PositionBlocks.lasting(rowDim, window));
  }

  /** As {@link #full}, remembering at least the positions of the current chunk. */
  public static LatentCache chunked(int latentDim, int ropeDim, int size) {
    int rowDim = latentDim + ropeDim;
    return new LatentCache(latentDim, rowDim, PositionBlocks.chunked(rowDim, size));
  }

  @Override
  public int start() {
    return rows.start();
  }

  @Override
  public int end() {
    return end;
  }

  /** Appends rows of latent and RoPE key; the values are part of the keys and are not read. */
  @Override
  public void append(
      float[] keys,
      int keyOffset,
      int keyStride,
      float[] values,
      int valueOffset,
      int valueStride,
      int count) {
    for (int i = 0; i < count; i++) {
      float[] block = rows.blockForWriting(end);
      System.arraycopy(
          keys, keyOffset + i * keyStride, block, PositionBlocks.slot(end) * rowDim, rowDim);
      end++;
    }
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
      int place = PositionBlocks.slot(position) * rowDim;
      kernels.dots(
          query,
          queryOffset,
          rows.block(position),
          place,
          rowDim,
          run,
          rowDim,
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
      int place = PositionBlocks.slot(position) * rowDim;
      kernels.weightedSum(
          weights,
          weightOffset + done,
          rows.block(position),
          place,
          rowDim,
          run,
          latentDim,
          out,
          outOffset);
      done += run;
    }
  }

  @Override
  public boolean canTruncate(int newEnd) {
    return rows.canEndAt(newEnd);
  }

  @Override
  public void truncate(int newEnd) {
    Truncation.check(this, newEnd);
    rows.endAt(newEnd);
    end = newEnd;
  }

  @Override
  public KeyValueCache fork() {
    LatentCache copy = new LatentCache(latentDim, rowDim, rows.copy());
    copy.end = end;
    return copy;
  }

  @Override
  public long bytes() {
    return rows.bytes();
  }
}
