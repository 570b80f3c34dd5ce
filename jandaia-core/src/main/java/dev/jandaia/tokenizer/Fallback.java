package dev.jandaia.tokenizer;

import java.util.OptionalInt;

/**
 * What becomes of characters that no token covers: their bytes as {@code <0xXX>} tokens, the
 * unknown token (runs of it fused to one if {@code fused}), or nothing.
 */
final class Fallback {
  private final int[] byteIds;
  private final int unknownId;
  private final boolean fused;

  private Fallback(int[] byteIds, int unknownId, boolean fused) {
    this.byteIds = byteIds;
    this.unknownId = unknownId;
    this.fused = fused;
  }

  static Fallback toUnknown(OptionalInt unknownId, boolean fused) {
    return new Fallback(new int[0], unknownId.orElse(-1), fused);
  }

  /** Bytes where {@code vocabulary} has a token for every byte of the character. */
  static Fallback toBytes(Spellings vocabulary, OptionalInt unknownId, boolean fused) {
    int[] byteIds = new int[256];
    for (int b = 0; b < 256; b++) {
      byteIds[b] = vocabulary.find(byteToken(b));
    }
    return new Fallback(byteIds, unknownId.orElse(-1), fused);
  }

  /** {@code <0x0A>} for 10. */
  static String byteToken(int b) {
    return "<0x%02X>".formatted(b);
  }

  /** The byte of a {@code <0xXX>} token, or −1. */
  static int byteOf(String token) {
    if (token.length() != 6 || !token.startsWith("<0x") || token.charAt(5) != '>') {
      return -1;
    }
    int high = Character.digit(token.charAt(3), 16);
    int low = Character.digit(token.charAt(4), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  /**
   * Appends the ids for {@code text}, an uncovered part of the input.
   *
   * @param afterUnknown whether the part before it became the unknown token
   * @return whether this part became the unknown token
   */
  boolean encode(String text, boolean afterUnknown, IntList ids) {
    if (byteIds.length > 0 && encodeBytes(Utf8.encode(text), ids)) {
      return false;
    }
    if (unknownId >= 0 && !(fused && afterUnknown)) {
      ids.add(unknownId);
    }
    return true;
  }

  private boolean encodeBytes(byte[] bytes, IntList ids) {
    for (byte b : bytes) {
      if (byteIds[b & 0xFF] < 0) {
        return false;
      }
    }
    for (byte b : bytes) {
      ids.add(byteIds[b & 0xFF]);
    }
    return true;
  }
}
