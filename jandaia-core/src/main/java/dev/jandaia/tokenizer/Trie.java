package dev.jandaia.tokenizer;

import java.util.Arrays;

/** A prefix tree over UTF-16 units that finds all or the longest of its words at a position. */
final class Trie {
  private final LongIntMap edges;
  private int[] ids = {-1};
  private int nodes = 1;

  Trie(int expectedWords) {
    edges = new LongIntMap(expectedWords * 4);
  }

  /** Adds a word; the first id given for a word wins. */
  void put(String word, int id) {
    int node = 0;
    for (int i = 0; i < word.length(); i++) {
      long edge = edge(node, word.charAt(i));
      int child = edges.get(edge);
      if (child < 0) {
        child = nodes++;
        edges.putIfAbsent(edge, child);
        growIds();
      }
      node = child;
    }
    if (ids[node] < 0) {
      ids[node] = id;
    }
  }

  private void growIds() {
    if (nodes > ids.length) {
      int old = ids.length;
      ids = Arrays.copyOf(ids, old * 2);
      Arrays.fill(ids, old, ids.length, -1);
    }
  }

  /** The node reached from {@code node} by {@code unit}, or −1; the root is 0. */
  int step(int node, char unit) {
    return edges.get(edge(node, unit));
  }

  /** The id of the word that ends at {@code node}, or −1. */
  int id(int node) {
    return ids[node];
  }

  /** The length of the longest word that starts at {@code from}, or 0. */
  int longest(String text, int from) {
    int node = 0;
    int length = 0;
    for (int i = from; i < text.length(); i++) {
      node = step(node, text.charAt(i));
      if (node < 0) {
        break;
      }
      if (ids[node] >= 0) {
        length = i + 1 - from;
      }
    }
    return length;
  }

  private static long edge(int node, char unit) {
    return ((long) node << 16) | unit;
  }
}
