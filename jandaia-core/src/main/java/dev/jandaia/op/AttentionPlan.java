package dev.jandaia.op;

import java.util.Arrays;

/**
 * How the attention of a batch is divided into items that threads work on: tiles of queries of one
 * key/value head, and where there are fewer of these than threads could use, each with a span of
 * the keys only. Reusable, so that decoding allocates nothing.
 */
final class AttentionPlan {
  /** Rows of a tile, about: what it costs to pack keys is shared by so many. */
  private static final int ROWS = 192;

  /** Fewer keys are not worth a span of their own. */
  private static final int LEAST_SPAN = 512;

  /** Items per thread from which on their number need not be even. */
  private static final int ENOUGH = 4;

  /** Chunk, key/value head, first row and rows: what items of one tile have in common. */
  private static final int TILE = 4;

  /** The tile, then first key, end of keys, and number of the part or −1. */
  private static final int FIELDS = TILE + 3;

  private int[] items = {};
  private int count;
  private int parts;
  private int partSize;
  private long work;

  /** Divides the attention of {@code batch} for {@code threads} threads. */
  void divide(AttentionShape shape, Batch batch, int threads) {
    count = 0;
    parts = 0;
    work = 0;
    int group = shape.heads() / shape.kvHeads();
    int positions = Math.max(1, ROWS / group);
    int tiles = 0;
    int most = 0;
    for (int i = 0; i < batch.chunkCount(); i++) {
      tiles += shape.kvHeads() * Math.ceilDiv(batch.chunk(i).rows(), positions);
      most = Math.max(most, Math.min(positions, batch.chunk(i).rows()));
    }
    partSize = SoftmaxTile.partSize(shape, most * group);
    int wanted = spans(tiles, threads);
    for (int i = 0; i < batch.chunkCount(); i++) {
      addChunk(shape, batch.chunk(i), i, positions, wanted);
    }
  }

  /** Into how many spans each tile must be cut so that threads get equally many. */
  private static int spans(int tiles, int threads) {
    int spans = 1;
    while (tiles * spans % threads != 0 && tiles * spans < ENOUGH * threads) {
      spans++;
    }
    return spans;
  }

  private void addChunk(
      AttentionShape shape, Batch.Chunk chunk, int index, int positions, int wanted) {
    int tiles = Math.ceilDiv(chunk.rows(), positions);
    for (int kvHead = 0; kvHead < shape.kvHeads(); kvHead++) {
      for (int i = 0; i < tiles; i++) {
        // Late tiles have more keys than early ones: alternate, and every share of them is fair.
        int tile = i % 2 == 0 ? i / 2 : tiles - 1 - i / 2;
        int first = tile * positions;
        int rows = Math.min(positions, chunk.rows() - first);
        addTile(shape, index, kvHead, first, rows, chunk.start(), wanted);
      }
    }
  }

  private void addTile(
      AttentionShape shape, int chunk, int kvHead, int first, int rows, int start, int wanted) {
    int from = shape.firstVisible(start + first);
    int to = start + first + rows;
    int spans = Math.max(1, Math.min(wanted, (to - from) / LEAST_SPAN));
    int length = Math.ceilDiv(Math.ceilDiv(to - from, spans), AttentionTile.BLOCK);
    length *= AttentionTile.BLOCK;
    work += (long) rows * (to - from) * (shape.heads() / shape.kvHeads()) * shape.keyDim();
    for (int span = 0; span < spans; span++) {
      int part = spans == 1 ? -1 : parts++;
      int spanFrom = Math.min(to, from + span * length);
      add(chunk, kvHead, first, rows, spanFrom, Math.min(to, spanFrom + length), part);
    }
  }

  private void add(int chunk, int kvHead, int first, int rows, int from, int to, int part) {
    if (items.length < (count + 1) * FIELDS) {
      items = Arrays.copyOf(items, Math.max(2 * items.length, 64 * FIELDS));
    }
    int at = count++ * FIELDS;
    items[at] = chunk;
    items[at + 1] = kvHead;
    items[at + 2] = first;
    items[at + 3] = rows;
    items[at + 4] = from;
    items[at + 5] = to;
    items[at + 6] = part;
  }

  int count() {
    return count;
  }

  /** Rough cost of one item. */
  long itemWork() {
    return work / count;
  }

  /** Gives {@code tile} the queries of an item. */
  void load(int item, AttentionTile tile, AttentionShape shape, Batch batch, Matrix q) {
    int at = item * FIELDS;
    int position = batch.chunk(items[at]).start() + items[at + 2];
    tile.load(shape, items[at + 1], q, firstBatchRow(item, batch), position, items[at + 3]);
  }

  /** Takes {@code tile} past the keys of an item: first those in the cache, then the batch's. */
  void attend(
      int item,
      AttentionTile tile,
      AttentionShape shape,
      Batch batch,
      int layer,
      Matrix k,
      Matrix v,
      BatchKeys present) {
    Batch.Chunk chunk = batch.chunk(items[item * FIELDS]);
    int from = items[item * FIELDS + 4];
    int to = items[item * FIELDS + 5];
    int border = Math.clamp(chunk.start(), from, to);
    if (from < border) {
      tile.attend(chunk.cache().layer(layer), from, border);
    }
    if (border < to) {
      present.set(shape, chunk, k, v);
      tile.attend(present, border, to);
    }
  }

  /** The batch row of an item's first query. */
  int firstBatchRow(int item, Batch batch) {
    return batch.chunk(items[item * FIELDS]).firstRow() + items[item * FIELDS + 2];
  }

  /** Whether other items have the other keys of the same queries: those that follow this one. */
  boolean isPart(int item) {
    return items[item * FIELDS + 6] >= 0;
  }

  /** Where a part is saved, in elements. */
  int partOffset(int item) {
    return items[item * FIELDS + 6] * partSize;
  }

  /** Elements of all parts. */
  int partElements() {
    return Math.multiplyExact(parts, partSize);
  }

  /** One past the last of the items that have the same queries as {@code item}. */
  int endOfParts(int item) {
    int end = item + 1;
    while (end < count
        && Arrays.equals(
            items, end * FIELDS, end * FIELDS + TILE, items, item * FIELDS, item * FIELDS + TILE)) {
      end++;
    }
    return end;
  }

  /** Whether no earlier item has the same queries. */
  boolean isFirstPart(int item) {
    return item == 0 || endOfParts(item - 1) == item;
  }
}
