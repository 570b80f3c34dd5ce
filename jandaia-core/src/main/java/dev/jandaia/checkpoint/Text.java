package dev.jandaia.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Strings that come from files nobody vouched for. */
final class Text {
  private static final int LONGEST_QUOTE = 80;

  /** The least character that needs as many bytes. */
  private static final int[] LEAST_OF_LENGTH = {0, 0, 0x80, 0x800, 0x10000};

  private Text() {}

  /** A name as an error shows it: quoted, on one line, cut when absurdly long. */
  static String quote(String name) {
    String shown = name.length() > LONGEST_QUOTE ? name.substring(0, LONGEST_QUOTE) + "…" : name;
    StringBuilder quoted = new StringBuilder("\"");
    shown.chars().forEach(c -> appendVisible(quoted, c));
    return quoted.append('"').toString();
  }

  private static void appendVisible(StringBuilder out, int c) {
    if (Character.isISOControl(c)) {
      out.append("\\u%04x".formatted(c));
    } else {
      out.append((char) c);
    }
  }

  /** Strict UTF-8: empty when the bytes are malformed. */
  static Optional<String> utf8(MemorySegment bytes) {
    byte[] copy = bytes.toArray(ValueLayout.JAVA_BYTE);
    return isUtf8(copy, 0, copy.length)
        ? Optional.of(new String(copy, StandardCharsets.UTF_8))
        : Optional.empty();
  }

  /** Whether these bytes are UTF-8: no overlong forms, no surrogates (RFC 3629). */
  static boolean isUtf8(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      int length = bytes[i] >= 0 ? 1 : lengthOf(bytes[i]);
      if (length == 0 || length > to - i || !isCharacter(bytes, i, length)) {
        return false;
      }
      i += length;
    }
    return true;
  }

  /** Bytes of a character of several that begins so; 0 if none does. */
  private static int lengthOf(byte first) {
    return switch (Integer.numberOfLeadingZeros(~(first << 24))) {
      case 2 -> 2;
      case 3 -> 3;
      case 4 -> 4;
      default -> 0;
    };
  }

  private static boolean isCharacter(byte[] bytes, int at, int length) {
    if (length == 1) {
      return true;
    }
    int codePoint = bytes[at] & (0x7F >> length);
    for (int i = 1; i < length; i++) {
      if ((bytes[at + i] & 0xC0) != 0x80) {
        return false;
      }
      codePoint = (codePoint << 6) | (bytes[at + i] & 0x3F);
    }
    boolean surrogate =
        codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    return codePoint >= LEAST_OF_LENGTH[length]
        && codePoint <= Character.MAX_CODE_POINT
        && !surrogate;
  }
}
