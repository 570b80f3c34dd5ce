package dev.jandaia.tokenizer;

import dev.jandaia.text.TextArray;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Ids by spelling, over the bytes of a file's tokens: open addressing, and no strings. Of equal
 * spellings the first counts.
 */
final class SpellingTable implements Spellings {
  private static final int FACTOR = 31;
  private final TextArray tokens;

  /** Ids plus one; zero where there is none. */
  private final int[] slots;

  private final IntPredicate wanted;

  /** Whether a spelling came twice. */
  private boolean repeats;

  private SpellingTable(TextArray tokens, int[] slots, IntPredicate wanted) {
    this.tokens = tokens;
    this.slots = slots;
    this.wanted = wanted;
  }

  static SpellingTable of(TextArray tokens) {
    return of(tokens, id -> true);
  }

  private static SpellingTable of(TextArray tokens, IntPredicate wanted) {
    int[] slots = new int[Integer.highestOneBit(Math.max(8, tokens.size())) * 4];
    SpellingTable table = new SpellingTable(tokens, slots, wanted);
    byte[] bytes = tokens.bytes();
    for (int id = 0; id < tokens.size(); id++) {
      if (wanted.test(id)) {
        table.putIfAbsent(bytes, tokens.start(id), tokens.end(id), id);
      }
    }
    return table;
  }

  /** Some of all tokens: of equal spellings the first of these. */
  SpellingTable only(IntPredicate some) {
    return repeats ? of(tokens, some) : new SpellingTable(tokens, slots, some);
  }

  private void putIfAbsent(byte[] bytes, int from, int to, int id) {
    int slot = slot(hash(0, bytes, from, to), bytes, from, to, to, to);
    if (slots[slot] == 0) {
      slots[slot] = id + 1;
    } else {
      repeats = true;
    }
  }

  @Override
  public int find(String spelling) {
    byte[] bytes = Utf8.encode(spelling);
    return find(bytes, 0, bytes.length);
  }

  /** The id of the token with these bytes, or −1. */
  int find(byte[] bytes, int from, int to) {
    return inSlot(slot(hash(0, bytes, from, to), bytes, from, to, to, to));
  }

  /** The id of the token with these bytes and then those, or −1. */
  int find(byte[] bytes, int from, int to, int from2, int to2) {
    int hash = hash(hash(0, bytes, from, to), bytes, from2, to2);
    return inSlot(slot(hash, bytes, from, to, from2, to2));
  }

  private int inSlot(int slot) {
    int id = slots[slot] - 1;
    return id >= 0 && wanted.test(id) ? id : -1;
  }

  private static int hash(int begun, byte[] bytes, int from, int to) {
    int hash = begun;
    for (int i = from; i < to; i++) {
      hash = hash * FACTOR + bytes[i];
    }
    return hash;
  }

  private int slot(int hash, byte[] bytes, int from, int to, int from2, int to2) {
    int mask = slots.length - 1;
    int mixed = hash * 0x9E3779B9;
    int slot = (mixed ^ mixed >>> 16) & mask;
    while (slots[slot] != 0 && !equals(slots[slot] - 1, bytes, from, to, from2, to2)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private boolean equals(int id, byte[] bytes, int from, int to, int from2, int to2) {
    int start = tokens.start(id);
    int end = tokens.end(id);
    int middle = start + to - from;
    return end - start == to - from + to2 - from2
        && Arrays.equals(tokens.bytes(), start, middle, bytes, from, to)
        && Arrays.equals(tokens.bytes(), middle, end, bytes, from2, to2);
  }

  @Override
  public void forEachCharacter(Receiver receiver) {
    for (int slot = 0; slot < slots.length; slot++) {
      int id = inSlot(slot);
      if (id >= 0 && mayBeCharacter(id)) {
        String spelling = tokens.get(id);
        if (spelling.codePointCount(0, spelling.length()) == 1) {
          receiver.character(spelling.codePointAt(0), id);
        }
      }
    }
  }

  /** Whether the bytes are as many as the first of them says that a character has. */
  private boolean mayBeCharacter(int id) {
    int start = tokens.start(id);
    int length = tokens.end(id) - start;
    return length > 0 && length == Utf8.length(tokens.bytes()[start]);
  }
}
