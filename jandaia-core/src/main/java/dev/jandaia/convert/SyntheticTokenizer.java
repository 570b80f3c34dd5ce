package dev.jandaia.convert;

import dev.jandaia.checkpoint.GgufValue;
import dev.jandaia.tokenizer.ByteAlphabet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A byte-level BPE tokenizer of any size without a corpus: the 256 bytes, then every string of
 * small letters, with and without a space before it, the short ones first, then a token that begins
 * a text and one that ends it.
 */
final class SyntheticTokenizer {
  private static final String PREFIX = "tokenizer.ggml.";
  private static final String LETTERS = "etaoinshrdlcumwfgypbvkjxqz";
  private static final int BYTES = 256;
  private static final int SPECIALS = 2;
  private static final int NORMAL = 1;
  private static final int CONTROL = 3;
  private static final String TEMPLATE =
      "{% for message in messages %}{{ message['content'] + '\\n' }}{% endfor %}";

  private final List<String> tokens = new ArrayList<>();
  private final List<String> merges = new ArrayList<>();

  private SyntheticTokenizer(int size) {
    for (int b = 0; b < BYTES; b++) {
      tokens.add(ByteAlphabet.spell(new byte[] {(byte) b}));
    }
    List<String> stems = new ArrayList<>();
    stems.add(tokens.get(' '));
    LETTERS.chars().forEach(letter -> stems.add(Character.toString(letter)));
    for (int i = 0; tokens.size() < size - SPECIALS; i++) {
      String stem = stems.get(i / LETTERS.length());
      String letter = LETTERS.substring(i % LETTERS.length(), i % LETTERS.length() + 1);
      tokens.add(stem + letter);
      merges.add(stem + " " + letter);
      stems.add(stem + letter);
    }
    tokens.add("<|begin|>");
    tokens.add("<|end|>");
  }

  /** Metadata of a tokenizer of {@code vocabSize} tokens; of none where bytes do not fit. */
  static Map<String, GgufValue> metadata(int vocabSize) {
    Map<String, GgufValue> metadata = new LinkedHashMap<>();
    if (vocabSize < BYTES + SPECIALS) {
      metadata.put(PREFIX + "model", GgufValue.of("none"));
      return metadata;
    }
    SyntheticTokenizer tokenizer = new SyntheticTokenizer(vocabSize);
    long[] types = new long[vocabSize];
    Arrays.fill(types, NORMAL);
    Arrays.fill(types, vocabSize - SPECIALS, vocabSize, CONTROL);
    metadata.put(PREFIX + "model", GgufValue.of("gpt2"));
    metadata.put(PREFIX + "pre", GgufValue.of("gpt-2"));
    metadata.put(PREFIX + "tokens", strings(tokenizer.tokens));
    metadata.put(PREFIX + "token_type", GgufValue.i32s(types));
    metadata.put(PREFIX + "merges", strings(tokenizer.merges));
    metadata.put(PREFIX + "bos_token_id", GgufValue.u32(vocabSize - 2));
    metadata.put(PREFIX + "eos_token_id", GgufValue.u32(vocabSize - 1));
    metadata.put(PREFIX + "add_bos_token", GgufValue.of(true));
    metadata.put("tokenizer.chat_template", GgufValue.of(TEMPLATE));
    return metadata;
  }

  private static GgufValue strings(List<String> values) {
    return GgufValue.strings(values.toArray(String[]::new));
  }
}
