package dev.jandaia.op;

import java.util.ArrayList;
import java.util.List;

/**
 * The backward steps of the operations that ran while it recorded, to be replayed last to first.
 */
final class Tape {
  private final List<Runnable> steps = new ArrayList<>();

  void record(Runnable backward) {
    steps.add(backward);
  }

  void replayBackwards() {
    for (int i = steps.size() - 1; i >= 0; i--) {
      steps.get(i).run();
    }
    steps.clear();
  }

  void clear() {
    steps.clear();
  }
}
