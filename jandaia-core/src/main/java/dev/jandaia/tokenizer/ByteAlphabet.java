package dev.jandaia.tokenizer;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * The alphabet of byte-level BPE: each byte is one printable character. Printable Latin-1 bytes
 * stand for themselves, the other 68 for U+0100 upwards in order, so a space is {@code Ġ}.
 */
public final class ByteAlphabet {
  private static final char[] CHARACTERS = new char[256];
  private static final int[] BYTES = new int[256 + 68];

  static {
    Arrays.fill(BYTES, -1);
    char next = 256;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      CHARACTERS[b] = printable ? (char) b : next++;
      BYTES[CHARACTERS[b]] = b;
    }
  }

  private ByteAlphabet() {}

  /** The UTF-8 bytes of {@code text}, written in the alphabet. */
  static String spell(String text) {
    return spell(Utf8.encode(text));
  }

  /** The characters of {@code bytes}, one each. */
  public static String spell(byte[] bytes) {
    char[] out = new char[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      out[i] = CHARACTERS[bytes[i] & 0xFF];
    }
    return new String(out);
  }

  /** The bytes that {@code spelling} stands for; its own UTF-8 if it leaves the alphabet. */
  static byte[] bytes(String spelling) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(spelling.length());
    for (int i = 0; i < spelling.length(); i++) {
      char c = spelling.charAt(i);
      if (c >= BYTES.length || BYTES[c] < 0) {
        return Utf8.encode(spelling);
      }
      out.write(BYTES[c]);
    }
    return out.toByteArray();
  }
}
