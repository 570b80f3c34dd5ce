package dev.jandaia.hub;

import dev.jandaia.tensor.JandaiaException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Shell patterns over repository paths, as the huggingface tools read them: {@code *} also matches
 * a slash.
 */
final class Globs {
  private Globs() {}

  /**
   * Translates {@code *}, {@code ?} and {@code [a-z]}, {@code [!a-z]}; a trailing slash means all
   * below.
   */
  static Pattern compile(String glob) {
    String full = glob.endsWith("/") ? glob + "*" : glob;
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < full.length(); i++) {
      char c = full.charAt(i);
      int close = c == '[' ? full.indexOf(']', i + 2) : -1;
      if (c == '*') {
        regex.append(".*");
      } else if (c == '?') {
        regex.append('.');
      } else if (close > 0) {
        regex.append(characterClass(full.substring(i + 1, close)));
        i = close;
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    try {
      return Pattern.compile(regex.toString(), Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      throw new JandaiaException("file pattern \"%s\": cannot be read".formatted(glob), e);
    }
  }

  private static String characterClass(String set) {
    boolean negated = set.startsWith("!");
    String members = (negated ? set.substring(1) : set).replaceAll("[\\\\\\[\\]&^]", "\\\\$0");
    return "[" + (negated ? "^" : "") + members + "]";
  }
}
