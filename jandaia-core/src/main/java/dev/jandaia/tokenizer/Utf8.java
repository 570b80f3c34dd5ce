package dev.jandaia.tokenizer;

import java.nio.charset.StandardCharsets;

/** UTF-8 with U+FFFD for what it cannot carry, in both directions. */
final class Utf8 {
  private Utf8() {}

  /** The text with each unpaired surrogate replaced by U+FFFD. */
  static String repaired(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (unpaired(text, i)) {
        return replaceUnpaired(text);
      }
    }
    return text;
  }

  static byte[] encode(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Bytes of the character that begins with this one. */
  static int length(byte first) {
    return first >= 0 ? 1 : first < (byte) 0xE0 ? 2 : first < (byte) 0xF0 ? 3 : 4;
  }

  private static String replaceUnpaired(String text) {
    StringBuilder out = new StringBuilder(text);
    for (int i = 0; i < out.length(); i++) {
      if (unpaired(text, i)) {
        out.setCharAt(i, '\uFFFD');
      }
    }
    return out.toString();
  }

  private static boolean unpaired(CharSequence text, int i) {
    char unit = text.charAt(i);
    if (Character.isHighSurrogate(unit)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(unit)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }
}
