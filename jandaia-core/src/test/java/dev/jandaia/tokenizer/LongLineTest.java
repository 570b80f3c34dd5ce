package dev.jandaia.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A line of a million characters must neither overflow a stack nor take quadratic time. */
class LongLineTest {
  private static final int LENGTH = 1 << 20;

  /** Quadratic time would be hours; the limit only turns a hang into a failure. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TestFactory
  Stream<DynamicTest> longLinesSurviveARoundTrip() throws Exception {
    Path directory = Path.of(LongLineTest.class.getResource("/tokenizers").toURI());
    Map<String, String> lines = lines(LENGTH);
    return Stream.of(
            "gpt2.json",
            "llama3.json",
            "o200k.json",
            "deepseek3.json",
            "llama2.json",
            "gemma.json",
            "unigram-bytes.json",
            "sp-bpe.model",
            "sp-unigram-bytes.model")
        .map(name ->
            DynamicTest.dynamicTest(name, () -> roundTrips(directory.resolve(name), lines)));
  }

  @TestFactory
  Stream<DynamicTest> everyNamedPatternCutsLongLines() {
    Map<PrePatterns.PrePattern, String> distinct = new LinkedHashMap<>();
    PrePatterns.names().forEach(name -> distinct.putIfAbsent(PrePatterns.named(name), name));
    Map<String, String> lines = lines(LENGTH / 4);
    return distinct.values().stream()
        .map(name ->
            DynamicTest.dynamicTest(
                name, () -> lines.forEach((line, text) -> cuts(name, line, text))));
  }

  private static void roundTrips(Path file, Map<String, String> lines) {
    Tokenizer tokenizer = Tokenizers.fromFile(file);
    // This kind puts no sign before a space, yet takes one away: its files do not allow better.
    boolean lossy = file.toString().endsWith("unigram-bytes.json");
    lines.forEach((name, text) -> {
      String decoded =
          assertTimeoutPreemptively(LIMIT, () -> tokenizer.decode(tokenizer.encode(text)), name);
      String expected = lossy && text.startsWith(" ") ? text.substring(1) : text;
      assertEquals(expected.length(), decoded.length(), name);
      assertTrue(expected.equals(decoded), name);
    });
  }

  private static void cuts(String pattern, String line, String text) {
    List<PreTokenizer.Piece> pieces =
        assertTimeoutPreemptively(
            LIMIT,
            () ->
                PrePatterns.named(pattern).preTokenizer().split(new PreTokenizer.Piece(text, true)),
            line);
    int bytes = pieces.stream().mapToInt(piece -> piece.text().length()).sum();
    assertEquals(Utf8.encode(text).length, bytes, line);
  }

  private static Map<String, String> lines(int length) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("one letter", "a".repeat(length));
    lines.put("capitals", "A".repeat(length));
    lines.put("spaces", " ".repeat(length));
    lines.put("spaces, then a word", " ".repeat(length) + "x");
    lines.put("newlines", "\n".repeat(length));
    lines.put("digits", "7".repeat(length) + "a");
    lines.put("signs", "!".repeat(length));
    lines.put("ideographs", "天".repeat(length / 4));
    lines.put("letters", random('a', 26, length));
    lines.put("ascii", random(' ', 95, length));
    return lines;
  }

  private static String random(char first, int count, int length) {
    Random random = new Random(11);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) (first + random.nextInt(count)));
    }
    return text.toString();
  }
}
