package dev.jandaia.kernel.emitted;

import dev.jandaia.machinecode.NativeCode;
import java.lang.foreign.MemorySegment;

/**
 * Where machine code finds a matrix of floats: in an array, or outside the heap. Set anew for each
 * product, so that products make no garbage.
 */
final class FloatPlace {
  private float[] array = {};
  private MemorySegment memory = MemorySegment.NULL;
  private boolean onHeap;
  private int offset;
  private int stride;

  /** Element [i, j] is number {@code at + i·rowStride + j}. */
  FloatPlace in(float[] floats, int at, int rowStride) {
    array = floats;
    onHeap = true;
    return from(at, rowStride);
  }

  /** As above, outside the heap. */
  FloatPlace in(MemorySegment floats, int at, int rowStride) {
    memory = floats;
    onHeap = false;
    return from(at, rowStride);
  }

  private FloatPlace from(int at, int rowStride) {
    offset = at;
    stride = rowStride;
    return this;
  }

  /** Calls a kernel for x and y and this matrix from {@code row} on. */
  void multiply(
      NativeCode code, float[] x, long xPlace, int row, float[] y, long yPlace, long numbers) {
    if (onHeap) {
      code.call(x, array, y, xPlace, place(row, 0), yPlace, numbers, 0);
    } else {
      code.call(x, memory.address(), y, xPlace, place(row, 0), yPlace, numbers, 0);
    }
  }

  /** Calls a kernel that copies this matrix from {@code row} and {@code column} on to a panel. */
  void copy(NativeCode code, int row, int column, MemorySegment panel, int at, long numbers) {
    if (onHeap) {
      code.call(array, panel.address(), array, place(row, column), at, 0, numbers, 0);
    } else {
      code.call(memory.address(), panel.address(), 0, place(row, column), at, 0, numbers, 0);
    }
  }

  private long place(int row, int column) {
    return FloatArguments.place(offset + row * stride + column, stride);
  }
}
