package dev.jandaia.tokenizer;

import dev.jandaia.tensor.JandaiaException;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Patterns of tokenizer files, which are written for the Oniguruma library, as Java patterns.
 * Differences that matter: classes such as {@code \s} are Unicode's, {@code ^} and {@code $} match
 * at every line, only {@code \n} ends a line, scripts are spelled {@code \p{Han}}.
 */
final class Regex {
  private static final int FLAGS =
      Pattern.UNICODE_CHARACTER_CLASS | Pattern.MULTILINE | Pattern.UNIX_LINES;
  private static final int DEEP_STACK_BYTES = 1 << 30;
  private static final Pattern PROPERTY = Pattern.compile("\\\\([pP])\\{(\\^?)([A-Za-z_ ]+)\\}");
  private static final Map<String, String> LONG_NAMES =
      Map.of(
          "Letter",
          "L",
          "Mark",
          "M",
          "Number",
          "N",
          "Punctuation",
          "P",
          "Symbol",
          "S",
          "Separator",
          "Z",
          "Other",
          "C");

  private Regex() {}

  static Pattern compile(String pattern) {
    try {
      return Pattern.compile(translated(pattern), FLAGS);
    } catch (PatternSyntaxException | StackOverflowError e) {
      throw new JandaiaException(
          "tokenizer: pattern not understood: " + Messages.shortened(pattern), e);
    }
  }

  /**
   * Runs a search. The JDK's matcher recurses on some repetitions; a text that is too long for this
   * thread's stack is searched again on a deep one.
   */
  static <T> T guarded(Pattern pattern, Supplier<T> search) {
    try {
      return search.get();
    } catch (StackOverflowError shallow) {
      return deep(pattern, search);
    }
  }

  private static <T> T deep(Pattern pattern, Supplier<T> search) {
    class Result {
      private T value;
      private Throwable failure;
    }
    Result result = new Result();
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                result.value = search.get();
              } catch (StackOverflowError | RuntimeException e) {
                result.failure = e;
              }
            },
            "jandaia-regex",
            DEEP_STACK_BYTES);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JandaiaException("tokenizer: interrupted", e);
    }
    if (result.failure != null) {
      throw new JandaiaException(
          "tokenizer: text too long for the pattern " + Messages.shortened(pattern.pattern()),
          result.failure);
    }
    return result.value;
  }

  private static String translated(String pattern) {
    Matcher matcher = PROPERTY.matcher(pattern);
    String named = matcher.replaceAll(m -> Matcher.quoteReplacement(property(m.group(1), m)));
    return named
        .replace("[:alpha:]", "\\p{IsAlphabetic}")
        .replace("[:alnum:]", "\\p{IsAlphabetic}\\p{IsDigit}")
        .replace("[:digit:]", "\\p{IsDigit}")
        .replace("[:space:]", "\\s")
        .replace("[:punct:]", "\\p{IsPunctuation}")
        .replace("[:upper:]", "\\p{IsUppercase}")
        .replace("[:lower:]", "\\p{IsLowercase}")
        .replace("\\h", "[0-9a-fA-F]");
  }

  private static String property(String letter, MatchResult match) {
    boolean negated = letter.equals("P") ^ match.group(2).equals("^");
    String name = match.group(3);
    return (negated ? "\\P{" : "\\p{") + javaName(name) + "}";
  }

  private static String javaName(String name) {
    if (LONG_NAMES.containsKey(name)) {
      return LONG_NAMES.get(name);
    }
    if (name.length() <= 2 || name.startsWith("Is")) {
      return name;
    }
    try {
      return "Is" + Character.UnicodeScript.forName(name).name();
    } catch (IllegalArgumentException notAScript) {
      return name;
    }
  }
}
