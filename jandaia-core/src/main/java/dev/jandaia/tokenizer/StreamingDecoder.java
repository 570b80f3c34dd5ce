package dev.jandaia.tokenizer;

import java.util.function.IntFunction;

/**
 * Decodes tokens one by one and holds back the bytes of a character until it is complete, so that
 * what it returns is always well-formed text. The pieces together, {@link #flush} included, equal
 * the decoding of all bytes at once with every maximal ill-formed part replaced by U+FFFD (the
 * practice of the Unicode standard, chapter 3.9, and of Python's {@code errors="replace"}). One
 * sequence, one decoder; not safe for use by several threads.
 */
public final class StreamingDecoder {
  private static final char REPLACEMENT = '\uFFFD';

  private final IntFunction<byte[]> bytesOf;
  private final StringBuilder out = new StringBuilder();
  private int codePoint;
  private int missing;
  private int lowest;
  private int highest;

  StreamingDecoder(IntFunction<byte[]> bytesOf) {
    this.bytesOf = bytesOf;
  }

  /** Takes the next token and returns the characters that are now complete, often none. */
  public String accept(int id) {
    return accept(bytesOf.apply(id));
  }

  /** Ends the sequence: an unfinished character becomes U+FFFD. The decoder can then be reused. */
  public String flush() {
    if (missing > 0) {
      missing = 0;
      out.append(REPLACEMENT);
    }
    return taken();
  }

  String accept(byte[] bytes) {
    for (byte b : bytes) {
      take(b & 0xFF);
    }
    return taken();
  }

  private String taken() {
    String text = out.toString();
    out.setLength(0);
    return text;
  }

  private void take(int b) {
    if (missing > 0) {
      if (b >= lowest && b <= highest) {
        continueWith(b);
        return;
      }
      missing = 0;
      out.append(REPLACEMENT);
    }
    start(b);
  }

  private void continueWith(int b) {
    codePoint = (codePoint << 6) | (b & 0x3F);
    expect(missing - 1, 0x80, 0xBF);
    if (missing == 0) {
      out.appendCodePoint(codePoint);
    }
  }

  /** A lead byte narrows the range of its successor: no overlong form, surrogate or excess. */
  private void start(int b) {
    if (b < 0x80) {
      out.append((char) b);
    } else if (b >= 0xC2 && b <= 0xDF) {
      codePoint = b & 0x1F;
      expect(1, 0x80, 0xBF);
    } else if (b >= 0xE0 && b <= 0xEF) {
      codePoint = b & 0x0F;
      expect(2, b == 0xE0 ? 0xA0 : 0x80, b == 0xED ? 0x9F : 0xBF);
    } else if (b >= 0xF0 && b <= 0xF4) {
      codePoint = b & 0x07;
      expect(3, b == 0xF0 ? 0x90 : 0x80, b == 0xF4 ? 0x8F : 0xBF);
    } else {
      out.append(REPLACEMENT);
    }
  }

  private void expect(int bytes, int from, int to) {
    missing = bytes;
    lowest = from;
    highest = to;
  }
}
