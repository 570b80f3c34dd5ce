package dev.jandaia.op;

import dev.jandaia.cache.SequenceCache;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The tokens of one forward pass: consecutive runs of rows, each a continuation of one sequence.
 * Sequences of different lengths lie one after another without padding. Reusable, so that decoding
 * allocates nothing.
 */
public final class Batch {
  private int[] ids = new int[16];
  private int[] positions = new int[16];
  private int size;
  private final List<Chunk> pool = new ArrayList<>();
  private int chunks;
  private final int[] single = new int[1];
  private int[] lastRows = {};
  private final KeySelection selection = new KeySelection();
  private final Entries entries = new Entries();
  private final Handover handover = new Handover();

  /** Forgets all chunks. */
  public void clear() {
    size = 0;
    chunks = 0;
  }

  /** Appends {@code count} tokens, at least one, that continue the sequence of {@code cache}. */
  public void add(SequenceCache cache, int[] tokens, int from, int count) {
    if (count < 1) {
      throw new IllegalArgumentException("batch: expected at least one token, found " + count);
    }
    if (size + count > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(size + count, 2 * ids.length));
      positions = Arrays.copyOf(positions, ids.length);
    }
    System.arraycopy(tokens, from, ids, size, count);
    for (int i = 0; i < count; i++) {
      positions[size + i] = cache.position() + i;
    }
    if (chunks == pool.size()) {
      pool.add(new Chunk());
    }
    pool.get(chunks++).set(size, count, cache);
    size += count;
  }

  /** Appends one token that continues the sequence of {@code cache}. */
  public void add(SequenceCache cache, int token) {
    single[0] = token;
    add(cache, single, 0, 1);
  }

  /** Rows of all chunks together. */
  public int size() {
    return size;
  }

  /** Token ids; the first {@link #size} are valid. */
  public int[] ids() {
    return ids;
  }

  /** Position of each row in its sequence; the first {@link #size} are valid. */
  public int[] positions() {
    return positions;
  }

  /** Which keys each row attends to, once an indexer has chosen. */
  public KeySelection selection() {
    return selection;
  }

  /** Counts anew the entries of {@code rate} tokens that the rows complete. */
  public void compress(int rate) {
    entries.start(this, rate);
  }

  /** The entries that the rows complete, as last counted. */
  public Entries entries() {
    return entries;
  }

  /** What the parts of a model tell each other while this batch passes. */
  public Handover handover() {
    return handover;
  }

  public int chunkCount() {
    return chunks;
  }

  public Chunk chunk(int index) {
    return pool.get(index);
  }

  /** The last row of each chunk; the first {@link #chunkCount} entries are valid. */
  public int[] lastRows() {
    if (lastRows.length < chunks) {
      lastRows = new int[pool.size()];
    }
    for (int i = 0; i < chunks; i++) {
      lastRows[i] = pool.get(i).firstRow + pool.get(i).rows - 1;
    }
    return lastRows;
  }

  /** Rows {@code firstRow} … {@code firstRow + rows − 1} of a batch: a run of one sequence. */
  public static final class Chunk {
    private int firstRow;
    private int rows;
    private int start;
    private SequenceCache cache;

    private void set(int newFirstRow, int newRows, SequenceCache newCache) {
      firstRow = newFirstRow;
      rows = newRows;
      start = newCache.position();
      cache = newCache;
    }

    public int firstRow() {
      return firstRow;
    }

    public int rows() {
      return rows;
    }

    /** Position of the first row in its sequence. */
    public int start() {
      return start;
    }

    /** How many positions the sequence will have at least: those of this run, or as announced. */
    public int reach() {
      return Math.max(start + rows, cache.reach());
    }

    public SequenceCache cache() {
      return cache;
    }
  }
}
