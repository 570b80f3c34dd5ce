package dev.jandaia.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Strings that come from files nobody vouched for. */
final class Text {
  private static final int LONGEST_QUOTE = 80;

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
    String text = new String(copy, StandardCharsets.UTF_8);
    // Only a text with a replacement character can have been malformed.
    return text.indexOf('\uFFFD') < 0 || isWellFormed(copy) ? Optional.of(text) : Optional.empty();
  }

  private static boolean isWellFormed(byte[] bytes) {
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
