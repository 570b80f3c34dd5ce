package dev.jandaia.tokenizer;

import dev.jandaia.tensor.JandaiaException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * SentencePiece's precompiled character map: a double-array trie of byte strings, each with its
 * replacement. The blob is the trie's size in bytes (uint32, little-endian), its units (uint32
 * each), then the replacements, each ended by a zero byte. A unit holds a label in bits 0–7,
 * whether it has a value in bit 8, and the offset to its children in bits 10–31 (times 256 if bit 9
 * is set).
 */
final class Charsmap {
  private static final String FIELD = "precompiled_charsmap";

  private final int[] units;
  private final byte[] replacements;

  private Charsmap(int[] units, byte[] replacements) {
    this.units = units;
    this.replacements = replacements;
  }

  /** What the longest match at a position becomes. */
  record Match(int length, int replacementStart, int replacementEnd) {}

  /** Reads a blob; an empty one maps nothing. */
  static Charsmap of(byte[] blob) {
    if (blob.length == 0) {
      return new Charsmap(new int[0], blob);
    }
    if (blob.length < 4) {
      throw new JandaiaException(FIELD + ": expected at least 4 bytes, found " + blob.length);
    }
    ByteBuffer buffer = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
    long size = Integer.toUnsignedLong(buffer.getInt());
    if (size % 4 != 0 || size > blob.length - 4) {
      throw new JandaiaException(
          FIELD + ": trie of " + size + " bytes does not fit in " + blob.length);
    }
    int[] units = new int[(int) size / 4];
    buffer.asIntBuffer().get(units);
    byte[] replacements = new byte[blob.length - 4 - (int) size];
    buffer.position(4 + (int) size).get(replacements);
    return new Charsmap(units, replacements);
  }

  boolean isEmpty() {
    return units.length == 0;
  }

  /** The longest match that starts at {@code from}; its length is 0 if there is none. */
  Match longest(byte[] text, int from) {
    Match match = new Match(0, 0, 0);
    if (isEmpty()) {
      return match;
    }
    int node = offset(unit(0));
    for (int i = from; i < text.length && text[i] != 0; i++) {
      int label = text[i] & 0xFF;
      node ^= label;
      int unit = unit(node);
      if ((unit & 0x800000FF) != label) {
        break;
      }
      node ^= offset(unit);
      if ((unit >>> 8 & 1) == 1) {
        match = match(i + 1 - from, unit(node) & 0x7FFFFFFF);
      }
    }
    return match;
  }

  byte[] replacements() {
    return replacements;
  }

  private Match match(int length, int start) {
    int end = start;
    while (end < replacements.length && replacements[end] != 0) {
      end++;
    }
    if (end >= replacements.length) {
      throw new JandaiaException(FIELD + ": replacement at " + start + " has no end");
    }
    return new Match(length, start, end);
  }

  private int unit(int node) {
    if (node < 0 || node >= units.length) {
      throw new JandaiaException(FIELD + ": node " + node + " is outside " + units.length);
    }
    return units[node];
  }

  private static int offset(int unit) {
    return (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
  }
}
