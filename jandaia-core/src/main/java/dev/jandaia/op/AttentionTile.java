package dev.jandaia.op;

import dev.jandaia.cache.CacheReader;
import dev.jandaia.cache.KeysAndValues;
import dev.jandaia.kernel.Kernels;
import java.util.Arrays;

/**
 * The queries of some positions and of all heads that share one key/value head, on their way past
 * the keys: block by block they are scored, scores become weights, and weighted values are summed,
 * so that each key and value is read once for all of them. Rows are ordered by position, then by
 * head. One thread's working memory, kept from tile to tile.
 */
abstract class AttentionTile {
  /** Keys per block of scores: a block of the caches, of which many queries make a long loop. */
  static final int BLOCK = 64;

  /** Keys per block for few queries, who would spend their time between blocks. */
  private static final int LONG_BLOCK = 4 * BLOCK;

  private static final int FEW_ROWS = 16;

  final Kernels kernels;
  private final CacheReader reader;
  private AttentionShape shape;
  private int kvHead;
  private int group;
  private int firstPosition;
  private int positions;
  private int length;
  private float[] queries = {};
  private float[] scores = {};
  private float[] values = {};

  AttentionTile(Kernels kernels) {
    this.kernels = kernels;
    this.reader = new CacheReader(kernels);
  }

  /**
   * Scores become weights, in place.
   *
   * @param row of the tile
   * @param distance from the first of the keys to the query
   */
  abstract void weigh(int row, int distance, float[] scores, int offset, int count);

  /**
   * Takes in the queries of {@code count} rows of {@code q} from {@code firstRow} on, the first of
   * which stands at {@code position}.
   */
  final void load(
      AttentionShape newShape, int newKvHead, Matrix q, int firstRow, int position, int count) {
    shape = newShape;
    kvHead = newKvHead;
    group = shape.heads() / shape.kvHeads();
    firstPosition = position;
    positions = count;
    grow(count * group);
    int width = group * shape.keyDim();
    for (int t = 0; t < count; t++) {
      int from = q.offset(firstRow + t) + kvHead * width;
      System.arraycopy(q.data(), from, queries, t * width, width);
    }
    // Scores come out scaled: one multiplication per query instead of one per key.
    kernels.scale(shape.scale(), queries, 0, count * width);
    Arrays.fill(values, 0, rows() * shape.valueDim(), 0f);
  }

  private void grow(int rows) {
    if (queries.length < rows * shape.keyDim()) {
      queries = new float[rows * shape.keyDim()];
    }
    if (values.length < rows * shape.valueDim()) {
      values = new float[rows * shape.valueDim()];
    }
    length = rows <= FEW_ROWS ? LONG_BLOCK : BLOCK;
    if (scores.length < rows * length) {
      scores = new float[rows * length];
    }
  }

  final AttentionShape shape() {
    return shape;
  }

  final int rows() {
    return positions * group;
  }

  /** The query head of a row. */
  final int head(int row) {
    return kvHead * group + row % group;
  }

  /** The position of a row, counted from the tile's first. */
  final int turn(int row) {
    return row / group;
  }

  /** The weighted sums, {@code [rows, valueDim]}. */
  final float[] values() {
    return values;
  }

  /** Attends to the keys at {@code from} … {@code to} − 1, as far as each query sees them. */
  final void attend(KeysAndValues source, int from, int to) {
    float[] entered = source.enter(reader, kvHead, queries, rows());
    for (int at = from, count; at < to; at += count) {
      count = Math.min(length - at % length, to - at);
      attendBlock(source, entered, at, count);
    }
    source.leave(reader, kvHead, values, rows());
  }

  private void attendBlock(KeysAndValues source, float[] entered, int from, int count) {
    int firstT = Math.max(0, from - firstPosition);
    int endT = positions;
    while (endT > firstT && shape.firstVisible(firstPosition + endT - 1) >= from + count) {
      endT--;
    }
    int first = firstT * group;
    int rows = (endT - firstT) * group;
    if (rows == 0) {
      return;
    }
    int query = first * source.queryDim();
    source.scores(reader, kvHead, entered, query, rows, from, count, scores, 0, length);
    for (int t = firstT; t < endT; t++) {
      int position = firstPosition + t;
      int seen = Math.max(0, shape.firstVisible(position) - from);
      int end = Math.min(count, position + 1 - from);
      for (int row = t * group; row < (t + 1) * group; row++) {
        int block = (row - first) * length;
        Arrays.fill(scores, block, block + seen, 0f);
        Arrays.fill(scores, block + end, block + count, 0f);
        weigh(row, position - from - seen, scores, block + seen, end - seen);
      }
    }
    int target = first * shape.valueDim();
    source.addValues(reader, kvHead, scores, 0, length, rows, from, count, values, target);
  }

  /** Attends to the keys at {@code from} … {@code to} − 1, which every query of the tile sees. */
  final void attendAll(KeysAndValues source, int from, int to) {
    float[] entered = source.enter(reader, kvHead, queries, rows());
    for (int at = from, count; at < to; at += count) {
      count = Math.min(length - at % length, to - at);
      source.scores(reader, kvHead, entered, 0, rows(), at, count, scores, 0, length);
      for (int row = 0; row < rows(); row++) {
        weigh(row, firstPosition - at, scores, row * length, count);
      }
      source.addValues(reader, kvHead, scores, 0, length, rows(), at, count, values, 0);
    }
    source.leave(reader, kvHead, values, rows());
  }

  /**
   * Attends to chosen keys, which every query of the tile sees: {@code count} positions from index
   * {@code at} of {@code chosen} on, in ascending order, all of them within {@code source}.
   */
  final void attendChosen(KeysAndValues source, KeySelection chosen, int at, int count) {
    float[] entered = source.enter(reader, kvHead, queries, rows());
    for (int end = at + count; at < end; at += length) {
      int keys = Math.min(length, end - at);
      for (int done = 0, run; done < keys; done += run) {
        run = chosen.run(at + done, keys - done);
        int position = chosen.positions()[at + done];
        source.scores(reader, kvHead, entered, 0, rows(), position, run, scores, done, length);
      }
      for (int row = 0; row < rows(); row++) {
        weigh(row, firstPosition - chosen.positions()[at], scores, row * length, keys);
      }
      for (int done = 0, run; done < keys; done += run) {
        run = chosen.run(at + done, keys - done);
        int position = chosen.positions()[at + done];
        source.addValues(reader, kvHead, scores, done, length, rows(), position, run, values, 0);
      }
    }
    source.leave(reader, kvHead, values, rows());
  }

  /** Writes the weighted sums, the first of which belongs to row {@code firstRow}. */
  final void write(Matrix out, int firstRow) {
    int width = group * shape.valueDim();
    for (int t = 0; t < positions; t++) {
      int target = out.offset(firstRow + t) + kvHead * width;
      System.arraycopy(values, t * width, out.data(), target, width);
    }
  }
}
