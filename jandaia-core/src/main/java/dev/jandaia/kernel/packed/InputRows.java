package dev.jandaia.kernel.packed;

import dev.jandaia.machinecode.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Rows of activations that several matrices read one after the other on one thread. The form in
 * which a kernel wants them, rounded for instance, is made once and serves all matrices that want
 * the same.
 */
public final class InputRows {
  private float[] data = {};
  private int offset;
  private int stride;
  private int count;

  // What is in memory: these rows, in that form.
  private MemorySegment memory = MemorySegment.NULL;
  private Object form = "none";
  private int firstMade;
  private int countMade;

  /** From now on these are the rows: {@code x [count, cols]} with row stride {@code xStride}. */
  public void set(float[] x, int xOffset, int xStride, int rows) {
    data = x;
    offset = xOffset;
    stride = xStride;
    count = rows;
    countMade = 0;
  }

  /** How many rows there are. */
  public int count() {
    return count;
  }

  public float[] data() {
    return data;
  }

  /** Where in {@link #data} a row begins. */
  public int offset(int row) {
    return offset + row * stride;
  }

  /** Floats from one row to the next. */
  public int stride() {
    return stride;
  }

  /** Whether {@link #memory} holds the rows [first, first + rows) in a form. */
  public boolean has(Object wanted, int first, int rows) {
    return countMade == rows && firstMade == first && form.equals(wanted);
  }

  /** Memory outside the heap in which the caller will now make that form of those rows. */
  public MemorySegment make(Object wanted, int first, int rows, long bytes) {
    if (memory.byteSize() < bytes) {
      memory = NativeMemory.allocate(bytes, Arena.ofAuto());
    }
    form = wanted;
    firstMade = first;
    countMade = rows;
    return memory;
  }

  /** What was made last. */
  public MemorySegment memory() {
    return memory;
  }
}
