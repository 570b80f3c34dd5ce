package dev.jandaia.kernel;

import dev.jandaia.kernel.emitted.RowKernels;
import dev.jandaia.kernel.emitted.RowPlace;
import java.lang.foreign.MemorySegment;

/**
 * What machine code for cached rows reads and writes beside the rows: arrays of one thread, each
 * with the view that machine code takes, grown to the largest size asked for and then kept.
 */
final class RowScratch {
  private static final ThreadLocal<RowScratch> OF_THREAD = ThreadLocal.withInitial(RowScratch::new);

  private final float[] weights = new float[RowKernels.MOST_QUERIES * RowKernels.MOST];
  private final MemorySegment weightMemory = MemorySegment.ofArray(weights);
  private final RowPlace place = new RowPlace();
  private float[] queries = {};
  private MemorySegment queryMemory = MemorySegment.NULL;
  private float[] rows = {};
  private MemorySegment rowMemory = MemorySegment.NULL;
  private float[] scales = {};
  private MemorySegment scaleMemory = MemorySegment.NULL;

  private RowScratch() {}

  static RowScratch ofThread() {
    return OF_THREAD.get();
  }

  /** Scores or weights, {@code [queries, MOST]}. */
  float[] weights() {
    return weights;
  }

  MemorySegment weightMemory() {
    return weightMemory;
  }

  /** Where rows are, for a call. */
  RowPlace place() {
    return place;
  }

  /** Queries or sums. */
  float[] queries(int length) {
    if (queries.length < length) {
      queries = new float[length];
      queryMemory = MemorySegment.ofArray(queries);
    }
    return queries;
  }

  /** Of the last {@link #queries}. */
  MemorySegment queryMemory() {
    return queryMemory;
  }

  /** Rows as floats. */
  float[] rows(int length) {
    if (rows.length < length) {
      rows = new float[length];
      rowMemory = MemorySegment.ofArray(rows);
    }
    return rows;
  }

  /** Of the last {@link #rows}. */
  MemorySegment rowMemory() {
    return rowMemory;
  }

  /** Scales of groups. */
  float[] scales(int length) {
    if (scales.length < length) {
      scales = new float[length];
      scaleMemory = MemorySegment.ofArray(scales);
    }
    return scales;
  }

  /** Of the last {@link #scales}. */
  MemorySegment scaleMemory() {
    return scaleMemory;
  }
}
