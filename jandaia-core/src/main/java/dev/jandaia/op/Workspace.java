package dev.jandaia.op;

import java.util.ArrayList;
import java.util.List;

/**
 * Memory for activations, handed out in stack order and reused: the n-th request of one pass gets
 * the memory of the n-th request of the pass before, so that a pass of the same shape allocates
 * nothing. Not thread-safe.
 */
public final class Workspace {
  private final List<Matrix> slots = new ArrayList<>();
  private int used;

  /** A matrix with undefined contents (and, {@code withGrad}, an undefined gradient). */
  Matrix take(int rows, int cols, boolean withGrad) {
    if (used == slots.size()) {
      slots.add(new Matrix());
    }
    Matrix matrix = slots.get(used++);
    matrix.reshape(rows, cols, withGrad);
    return matrix;
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
    for (Matrix slot : slots) {
      floats += slot.data().length + (long) slot.grad().length;
    }
    return floats * Float.BYTES;
  }
}
