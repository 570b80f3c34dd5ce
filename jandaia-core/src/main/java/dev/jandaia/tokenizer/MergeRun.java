package dev.jandaia.tokenizer;

import java.util.Arrays;

/**
 * Merges the symbols of one piece: always the most urgent pair, the leftmost of equals. A linked
 * list and a heap make that O(n log n), also for a line of a million characters.
 */
final class MergeRun {
  private static final int NONE = -1;

  private final Merges merges;
  private final int[] symbols;
  private final int[] next;
  private final int[] previous;
  private long[] heap = new long[16];
  private int heapSize;

  MergeRun(Merges merges, int[] symbols) {
    this.merges = merges;
    this.symbols = symbols;
    int n = symbols.length;
    next = new int[n];
    previous = new int[n];
    for (int i = 0; i < n; i++) {
      next[i] = i + 1 < n ? i + 1 : NONE;
      previous[i] = i - 1;
    }
  }

  /** The symbols that remain when nothing merges any more. */
  int[] merged() {
    for (int i = 0; i + 1 < symbols.length; i++) {
      offer(i);
    }
    while (heapSize > 0) {
      long candidate = poll();
      int left = (int) candidate;
      int merge = mergeAt(left);
      // The candidate is stale if its symbols were merged elsewhere; a fresh one then took its
      // place.
      if (merge >= 0 && merges.priority(merge) == (int) (candidate >>> 32)) {
        merge(left, merges.result(merge));
      }
    }
    return remaining();
  }

  private void merge(int left, int result) {
    int right = next[left];
    symbols[left] = result;
    next[left] = next[right];
    if (next[right] != NONE) {
      previous[next[right]] = left;
    }
    next[right] = right; // marks it as gone
    if (previous[left] != NONE) {
      offer(previous[left]);
    }
    offer(left);
  }

  private int mergeAt(int left) {
    int right = next[left];
    return right == NONE || right == left ? NONE : merges.find(symbols[left], symbols[right]);
  }

  private int[] remaining() {
    int[] result = new int[symbols.length];
    int size = 0;
    for (int i = symbols.length == 0 ? NONE : 0; i != NONE; i = next[i]) {
      result[size++] = symbols[i];
    }
    return Arrays.copyOf(result, size);
  }

  private void offer(int left) {
    int merge = mergeAt(left);
    if (merge < 0) {
      return;
    }
    if (heapSize == heap.length) {
      heap = Arrays.copyOf(heap, heapSize * 2);
    }
    long candidate = ((long) merges.priority(merge) << 32) | left;
    int i = heapSize++;
    while (i > 0 && heap[(i - 1) / 2] > candidate) {
      heap[i] = heap[(i - 1) / 2];
      i = (i - 1) / 2;
    }
    heap[i] = candidate;
  }

  private long poll() {
    long top = heap[0];
    long last = heap[--heapSize];
    int i = 0;
    for (int child = 1; child < heapSize; child = 2 * i + 1) {
      if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= last) {
        break;
      }
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = last;
    return top;
  }
}
