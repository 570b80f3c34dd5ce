package dev.jandaia.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How SentencePiece prepares a text (arXiv:1808.06226): characters are mapped, optionally runs of
 * spaces become one and those at the ends vanish, a space goes before (or after) the text, and
 * every space becomes U+2581.
 */
final class SentencePieceNormalizer {
  private static final String SPACE_SIGN = "\u2581";

  private SentencePieceNormalizer() {}

  /**
   * A normaliser.
   *
   * @param extraSpace whether a space is added to a text that is not empty
   * @param trimmed whether superfluous spaces vanish
   * @param spaceLast whether the extra space goes after the text
   */
  static Normalizer of(Charsmap charsmap, boolean extraSpace, boolean trimmed, boolean spaceLast) {
    Normalizer added =
        spaceLast ? text -> text.isEmpty() ? text : text + " " : Normalizer.prepend(" ");
    return Normalizer.sequence(
        List.of(
            mapped(charsmap),
            trimmed ? SentencePieceNormalizer::trimmed : Normalizer.NONE,
            extraSpace ? added : Normalizer.NONE,
            Normalizer.replace(" ", SPACE_SIGN)));
  }

  /** Replaces the longest match at each position. */
  static Normalizer mapped(Charsmap charsmap) {
    return charsmap.isEmpty() ? Normalizer.NONE : text -> map(charsmap, text);
  }

  private static String map(Charsmap charsmap, String text) {
    byte[] bytes = Utf8.encode(text);
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + 16);
    for (int i = 0; i < bytes.length; ) {
      Charsmap.Match match = charsmap.longest(bytes, i);
      if (match.length() > 0) {
        int length = match.replacementEnd() - match.replacementStart();
        out.write(charsmap.replacements(), match.replacementStart(), length);
        i += match.length();
      } else {
        do {
          out.write(bytes[i++]);
        } while (i < bytes.length && (bytes[i] & 0xC0) == 0x80);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static String trimmed(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean superfluous = c == ' ' && (out.isEmpty() || out.charAt(out.length() - 1) == ' ');
      if (!superfluous) {
        out.append(c);
      }
    }
    int end = out.length();
    return end > 0 && out.charAt(end - 1) == ' ' ? out.substring(0, end - 1) : out.toString();
  }
}
