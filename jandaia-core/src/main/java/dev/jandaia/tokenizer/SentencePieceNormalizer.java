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
   * @param frozen symbols that the map leaves alone
   * @param extraSpace whether a space is added to a text that is not empty
   * @param trimmed whether superfluous spaces vanish
   * @param spaceLast whether the extra space goes after the text
   */
  static Normalizer of(
      Charsmap charsmap, Trie frozen, boolean extraSpace, boolean trimmed, boolean spaceLast) {
    Normalizer added =
        spaceLast ? text -> text.isEmpty() ? text : text + " " : Normalizer.prepend(" ");
    return Normalizer.sequence(
        List.of(
            mapped(charsmap, frozen),
            trimmed ? SentencePieceNormalizer::trimmed : Normalizer.NONE,
            extraSpace ? added : Normalizer.NONE,
            Normalizer.replace(" ", SPACE_SIGN)));
  }

  /** Replaces the longest match at each position. */
  static Normalizer mapped(Charsmap charsmap) {
    return mapped(charsmap, new Trie(0));
  }

  private static Normalizer mapped(Charsmap charsmap, Trie frozen) {
    return charsmap.isEmpty() ? Normalizer.NONE : text -> map(charsmap, frozen, text);
  }

  private static String map(Charsmap charsmap, Trie frozen, String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    int start = 0;
    for (int i = 0; i < text.length(); ) {
      int length = frozen.longest(text, i);
      if (length > 0) {
        map(charsmap, text.substring(start, i), out);
        out.append(text, i, i + length);
        start = i + length;
      }
      i += Math.max(length, 1);
    }
    map(charsmap, text.substring(start), out);
    return out.toString();
  }

  private static void map(Charsmap charsmap, String text, StringBuilder out) {
    byte[] bytes = Utf8.encode(text);
    ByteArrayOutputStream mapped = new ByteArrayOutputStream(bytes.length + 16);
    for (int i = 0; i < bytes.length; ) {
      Charsmap.Match match = charsmap.longest(bytes, i);
      if (match.length() > 0) {
        int length = match.replacementEnd() - match.replacementStart();
        mapped.write(charsmap.replacements(), match.replacementStart(), length);
        i += match.length();
      } else {
        do {
          mapped.write(bytes[i++]);
        } while (i < bytes.length && (bytes[i] & 0xC0) == 0x80);
      }
    }
    out.append(mapped.toString(StandardCharsets.UTF_8));
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
    while (end > 0 && (out.charAt(end - 1) == ' ' || out.charAt(end - 1) == SPACE_SIGN.charAt(0))) {
      end--;
    }
    return out.substring(0, end);
  }
}
