package dev.jandaia.kernel.packed;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.jandaia.machinecode.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Rows of activations that several matrices read one after the other on one thread. The form in
 * which a kernel wants them, rounded for instance, is made once and serves all matrices that want
 * the same. The rows themselves may be made here too, one at a time, on their way to that form.
 */
public final class InputRows {
  /** Makes rows of activations. */
  public interface Maker {
    /** Puts a row to {@code out}, from {@code outOffset} on. */
    void make(int row, float[] out, int outOffset);
  }

  private float[] data = {};
  private int offset;
  private int stride;
  private int count;

  // Rows that are made here: who makes them, which is the first, and whether all are in made.
  private Maker maker = (row, out, outOffset) -> {};
  private int firstOfMaker;
  private float[] made = {};
  private boolean missing;

  // What is in memory: these rows, in that form.
  private MemorySegment memory = MemorySegment.NULL;
  private Object form = "none";
  private int firstFormed;
  private int countFormed;

  // As numbers on the heap: all rows, in that form.
  private int[] numbers = {};
  private Object formOfNumbers = "none";

  /** From now on these are the rows: {@code x [count, cols]} with row stride {@code xStride}. */
  public void set(float[] x, int xOffset, int xStride, int rows) {
    data = x;
    offset = xOffset;
    stride = xStride;
    count = rows;
    missing = false;
    countFormed = 0;
    formOfNumbers = "none";
  }

  /** From now on these are the rows: those that {@code source} makes, from {@code first} on. */
  public void set(Maker source, int first, int cols, int rows) {
    set(made, 0, cols, rows);
    maker = source;
    firstOfMaker = first;
    missing = true;
  }

  /** How many rows there are. */
  public int count() {
    return count;
  }

  /** The numbers of all rows. */
  public float[] data() {
    if (missing) {
      data = roomFor(count);
      for (int i = 0; i < count; i++) {
        maker.make(firstOfMaker + i, data, i * stride);
      }
      missing = false;
    }
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

  /** Copies a row of {@code cols} numbers to memory outside the heap. */
  public void copy(int row, MemorySegment to, int cols) {
    if (missing) {
      float[] one = roomFor(1);
      maker.make(firstOfMaker + row, one, 0);
      MemorySegment.copy(one, 0, to, JAVA_FLOAT, 0, cols);
    } else {
      MemorySegment.copy(data, offset(row), to, JAVA_FLOAT, 0, cols);
    }
  }

  private float[] roomFor(int rows) {
    if (made.length < rows * stride) {
      made = new float[rows * stride];
    }
    return made;
  }

  /** Whether {@link #memory} holds the rows [first, first + rows) in a form. */
  public boolean has(Object wanted, int first, int rows) {
    return countFormed == rows && firstFormed == first && form.equals(wanted);
  }

  /** Memory outside the heap in which the caller will now make that form of those rows. */
  public MemorySegment make(Object wanted, int first, int rows, long bytes) {
    if (memory.byteSize() < bytes) {
      memory = NativeMemory.allocate(bytes, Arena.ofAuto());
    }
    form = wanted;
    firstFormed = first;
    countFormed = rows;
    return memory;
  }

  /** What was made last. */
  public MemorySegment memory() {
    return memory;
  }

  /** Whether {@link #numbers} holds all rows in a form. */
  public boolean hasNumbers(Object wanted) {
    return formOfNumbers.equals(wanted);
  }

  /** An array in which the caller will now make that form of all rows. */
  public int[] makeNumbers(Object wanted, int length) {
    if (numbers.length < length) {
      numbers = new int[length];
    }
    formOfNumbers = wanted;
    return numbers;
  }

  /** What was made on the heap last. */
  public int[] numbers() {
    return numbers;
  }
}
