package dev.jandaia.tokenizer;

import java.text.Normalizer.Form;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rewrites a text before it is cut into pieces. */
@FunctionalInterface
interface Normalizer {
  Normalizer NONE = text -> text;

  String apply(String text);

  static Normalizer sequence(List<Normalizer> steps) {
    return text -> {
      String result = text;
      for (Normalizer step : steps) {
        result = step.apply(result);
      }
      return result;
    };
  }

  static Normalizer unicode(Form form) {
    return text -> java.text.Normalizer.normalize(text, form);
  }

  /** Puts {@code prefix} before a text that is not empty. */
  static Normalizer prepend(String prefix) {
    return text -> text.isEmpty() ? text : prefix + text;
  }

  static Normalizer replace(String literal, String replacement) {
    return text -> text.replace(literal, replacement);
  }

  static Normalizer replace(Pattern pattern, String replacement) {
    String quoted = Matcher.quoteReplacement(replacement);
    return text -> Regex.guarded(pattern, () -> pattern.matcher(text).replaceAll(quoted));
  }

  static Normalizer lowercase() {
    return text -> text.toLowerCase(Locale.ROOT);
  }

  static Normalizer strip(boolean left, boolean right) {
    return text -> {
      String result = left ? text.stripLeading() : text;
      return right ? result.stripTrailing() : result;
    };
  }

  /** Removes combining marks; they stand alone after NFD. */
  static Normalizer stripAccents() {
    return removed("\\p{M}+");
  }

  private static Normalizer removed(String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    return text -> compiled.matcher(text).replaceAll("");
  }

  /** SentencePiece's "nmt" clean-up: control characters vanish, odd spaces become spaces. */
  static Normalizer nmt() {
    Pattern controls = Pattern.compile("[\\x01-\\x08\\x0B\\x0E-\\x1F\\x7F\\x8F\\x9F]");
    Pattern spaces =
        Pattern.compile("[\\t\\n\\f\\r\\u1680\\u200B-\\u200F\\u2028\\u2029\\u2581\\uFEFF\\uFFFD]");
    return text -> spaces.matcher(controls.matcher(text).replaceAll("")).replaceAll(" ");
  }

  /** The clean-up of BERT models; every step can be switched off in their files. */
  static Normalizer bert(boolean clean, boolean spaceIdeographs, boolean noAccents, boolean lower) {
    Pattern spaces = Pattern.compile("[\\t\\n\\r\\p{Zs}]");
    Pattern controls = Pattern.compile("[\\x00\\uFFFD\\p{C}&&[^\\p{Cn}]]");
    Pattern ideographs =
        Pattern.compile(
            "[\\x{4E00}-\\x{9FFF}\\x{3400}-\\x{4DBF}\\x{20000}-\\x{2A6DF}\\x{2A700}-\\x{2B73F}"
                + "\\x{2B740}-\\x{2B81F}\\x{2B920}-\\x{2CEAF}\\x{F900}-\\x{FAFF}"
                + "\\x{2F800}-\\x{2FA1F}]");
    Normalizer accents = removed("\\p{Mn}+");
    return text -> {
      String result = text;
      if (clean) {
        result = spaces.matcher(result).replaceAll(" ");
        result = controls.matcher(result).replaceAll("");
      }
      if (spaceIdeographs) {
        result = ideographs.matcher(result).replaceAll(" $0 ");
      }
      if (noAccents) {
        result = accents.apply(unicode(Form.NFD).apply(result));
      }
      return lower ? result.toLowerCase(Locale.ROOT) : result;
    };
  }
}
