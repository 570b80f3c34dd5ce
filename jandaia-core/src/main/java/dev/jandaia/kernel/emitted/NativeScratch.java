package dev.jandaia.kernel.emitted;

import dev.jandaia.kernel.packed.InputRows;
import dev.jandaia.machinecode.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Working memory of one thread outside the heap, where machine code can reach it; grown to the
 * largest size asked for and then kept. Each purpose has its own.
 */
final class NativeScratch {
  private static final ThreadLocal<NativeScratch> OF_THREAD =
      ThreadLocal.withInitial(NativeScratch::new);

  private MemorySegment row = MemorySegment.NULL;
  private MemorySegment packed = MemorySegment.NULL;
  private MemorySegment panels = MemorySegment.NULL;
  private final InputRows inputRows = new InputRows();
  private final Results results = new Results();
  private final FloatPlace place = new FloatPlace();

  private NativeScratch() {}

  static NativeScratch ofThread() {
    return OF_THREAD.get();
  }

  /** A row of floats. */
  MemorySegment row(long bytes) {
    return row.byteSize() >= bytes ? row : (row = allocate(bytes));
  }

  /** The activations of one product after the other. */
  InputRows inputRows() {
    return inputRows;
  }

  /** Weights of sixteen rows, packed for one product. */
  MemorySegment packed(long bytes) {
    return packed.byteSize() >= bytes ? packed : (packed = allocate(bytes));
  }

  /** Unpacked weights. */
  MemorySegment panels(long bytes) {
    return panels.byteSize() >= bytes ? panels : (panels = allocate(bytes));
  }

  /** Results before they go back to the heap. */
  Results results() {
    return results;
  }

  /** Where floats are, for a product. */
  FloatPlace place() {
    return place;
  }

  static MemorySegment allocate(long bytes) {
    return NativeMemory.allocate(bytes, Arena.ofAuto());
  }
}
