package dev.jandaia.machinecode;

import java.util.ArrayList;
import java.util.List;

/** A place in code, to jump to; made by {@link Assembler#label} or placed later. */
public final class Label {
  private static final int UNPLACED = -1;

  private int position = UNPLACED;
  private final List<Integer> jumps = new ArrayList<>();

  /** A label that will be placed after jumps to it have been written. */
  public Label() {}

  boolean isPlaced() {
    return position != UNPLACED;
  }

  int position() {
    return position;
  }

  void place(int at) {
    if (isPlaced()) {
      throw new IllegalStateException("a label is placed once");
    }
    position = at;
  }

  /** Remembers a jump whose four bytes of distance stand at {@code at}. */
  void jumpFrom(int at) {
    jumps.add(at);
  }

  List<Integer> jumps() {
    return jumps;
  }
}
