package dev.jandaia.op;

import java.util.ArrayList;
import java.util.List;

/**
 * Memory for activations, handed out in stack order and reused: the n-th request of one pass gets
 * the memory of the n-th request of the pass before, so that a pass of the same shape allocates
 * nothing. Not thread-safe.
 */
public final class Workspace {
  private final List<Slot> slots = new ArrayList<>();
  private int used;

  /** What one request gets: a matrix, or rows that become one only where somebody wants it. */
  private record Slot(Matrix matrix, GatedRows gated, NormalisedRows normalised) {
    static Slot of(Matrix matrix) {
      return new Slot(matrix, new GatedRows(matrix), new NormalisedRows(matrix));
    }
  }

  private Slot take() {
    if (used == slots.size()) {
      slots.add(Slot.of(new Matrix()));
    }
    return slots.get(used++);
  }

  /** A matrix with undefined contents (and, {@code withGrad}, an undefined gradient). */
  Matrix take(int rows, int cols, boolean withGrad) {
    Matrix matrix = take().matrix();
    matrix.reshape(rows, cols, withGrad);
    return matrix;
  }

  /** Undefined rows of a gated unit. */
  GatedRows takeGated() {
    return take().gated();
  }

  /** Undefined rows of an RMSNorm. */
  NormalisedRows takeNormalised() {
    return take().normalised();
  }

  /** The current height of the stack, for {@link #release}. */
  int mark() {
    return used;
  }

  /** Gives back everything taken since {@code mark}. */
  void release(int mark) {
    used = mark;
  }

  /** Bytes held. */
  public long bytes() {
    long floats = 0;
    for (Slot slot : slots) {
      floats += slot.matrix().data().length + (long) slot.matrix().grad().length;
    }
    return floats * Float.BYTES;
  }
}
