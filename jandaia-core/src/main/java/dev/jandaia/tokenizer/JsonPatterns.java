package dev.jandaia.tokenizer;

import java.util.function.Function;
import java.util.regex.Pattern;

/** The two ways in which tokenizer.json says what to look for. */
final class JsonPatterns {
  private JsonPatterns() {}

  /** The value for {@code {"String": s}} or {@code {"Regex": r}}, or a bare string. */
  static <T> T either(Json pattern, Function<String, T> literal, Function<String, T> regex) {
    if (pattern.isText()) {
      return literal.apply(pattern.text());
    }
    if (pattern.field("String").isPresent()) {
      return literal.apply(pattern.text("String"));
    }
    if (pattern.field("Regex").isPresent()) {
      return regex.apply(pattern.text("Regex"));
    }
    throw pattern.wrong("{\"String\": ...} or {\"Regex\": ...}");
  }

  static Pattern pattern(Json pattern) {
    return either(pattern, s -> Pattern.compile(s, Pattern.LITERAL), Regex::compile);
  }
}
