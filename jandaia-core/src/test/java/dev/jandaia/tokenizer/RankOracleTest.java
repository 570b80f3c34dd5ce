package dev.jandaia.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Byte-level BPE against JTokkit, an independent implementation with the published rank files. */
class RankOracleTest {
  private static final String[] PARTS = {
    "the",
    " quick",
    " Brown",
    "'s",
    "'LL",
    "don't",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\t",
    "123456",
    "3.14",
    "é",
    "e\u0301",
    "ação",
    " größer",
    "булок",
    "天气",
    "これは",
    "한국어",
    "🦜",
    "👩‍👩‍👧",
    "\u00a0",
    "!!",
    "?…",
    "(a+b)",
    "==",
    "_x_",
    "http://x.y/z",
    "CamelCaseWORD",
    "हिन्दी",
    "ไทย",
    "\u3000",
    "ΑΒΓ",
    "ʰ"
  };

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"O200K_BASE, gpt-4o", "CL100K_BASE, dbrx", "R50K_BASE, gpt-2", "P50K_BASE, gpt-2"})
  void idsEqualThoseOfAnotherImplementation(EncodingType type, String pattern) throws IOException {
    Tokenizer tokenizer = load(type.getName(), pattern);
    Encoding oracle = Encodings.newLazyEncodingRegistry().getEncoding(type);
    Random random = new Random(7);
    for (int i = 0; i < 1500; i++) {
      String text = i % 2 == 0 ? joined(random) : scrambled(random);
      int[] ids = tokenizer.encode(text);
      assertArrayEquals(oracle.encodeOrdinary(text).toArray(), ids, text);
      assertEquals(text, tokenizer.decode(ids));
    }
  }

  private Tokenizer load(String name, String pattern) throws IOException {
    Path file = directory.resolve(name + ".tiktoken");
    try (InputStream in = Encodings.class.getResourceAsStream(name + ".tiktoken")) {
      Files.copy(in, file);
    }
    return Tokenizers.fromRanks(file, pattern, Map.of());
  }

  private static String joined(Random random) {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(20); n > 0; n--) {
      text.append(PARTS[random.nextInt(PARTS.length)]);
    }
    return text.toString();
  }

  /**
   * Assigned characters of the older scripts: the two sides may know different Unicode versions.
   */
  private static String scrambled(Random random) {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(30); n > 0; n--) {
      int limit = random.nextBoolean() ? 0x80 : 0x530;
      int codePoint = random.nextInt(limit);
      text.appendCodePoint(Character.isDefined(codePoint) ? codePoint : ' ');
    }
    return text.toString();
  }
}
