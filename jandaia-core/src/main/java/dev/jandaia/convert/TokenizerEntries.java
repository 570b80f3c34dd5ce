package dev.jandaia.convert;

import dev.jandaia.checkpoint.GgufValue;
import dev.jandaia.tokenizer.Specials;
import dev.jandaia.tokenizer.Tokenizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;

/**
 * The entries of a GGUF file that say the same for every kind of tokenizer, and those of each kind.
 *
 * @param original the tokenizer to be written
 * @param size rows of the embedding, as many tokens as other readers expect
 * @param types the type of each of its tokens, one of the constants below
 */
record TokenizerEntries(Tokenizer original, int size, IntUnaryOperator types) {
  static final int NORMAL = 1;
  static final int UNKNOWN = 2;
  static final int CONTROL = 3;
  static final int USER_DEFINED = 4;
  static final int UNUSED = 5;
  static final int BYTE = 6;

  private static final String PREFIX = "tokenizer.ggml.";

  /** Byte-level BPE; merges are pairs of tokens, the most urgent first. */
  Map<String, GgufValue> byteLevel(String preTokenizer, List<String[]> merges) {
    Map<String, GgufValue> metadata = common("gpt2");
    String[] lines = merges.stream().map(pair -> pair[0] + " " + pair[1]).toArray(String[]::new);
    metadata.put(PREFIX + "merges", GgufValue.strings(lines));
    metadata.put(PREFIX + "pre", GgufValue.of(preTokenizer));
    return metadata;
  }

  /** SentencePiece BPE; of two merges the one whose result has the higher score is first. */
  Map<String, GgufValue> sentencePiece(double[] scores, boolean spaceFirst) {
    Map<String, GgufValue> metadata = common("llama");
    metadata.put(PREFIX + "pre", GgufValue.of("default"));
    metadata.put(PREFIX + "scores", GgufValue.f32s(scores));
    metadata.put(PREFIX + "add_space_prefix", GgufValue.of(spaceFirst));
    return metadata;
  }

  /** SentencePiece unigram. */
  Map<String, GgufValue> unigram(
      double[] scores, boolean spaceFirst, boolean trimmed, long[] charsmap) {
    Map<String, GgufValue> metadata = common("t5");
    metadata.put(PREFIX + "pre", GgufValue.of("default"));
    metadata.put(PREFIX + "scores", GgufValue.f32s(scores));
    metadata.put(PREFIX + "add_space_prefix", GgufValue.of(spaceFirst));
    metadata.put(PREFIX + "remove_extra_whitespaces", GgufValue.of(trimmed));
    if (charsmap.length > 0) {
      metadata.put(PREFIX + "precompiled_charsmap", GgufValue.u8s(charsmap));
    }
    return metadata;
  }

  private Map<String, GgufValue> common(String kind) {
    Map<String, GgufValue> metadata = new LinkedHashMap<>();
    metadata.put(PREFIX + "model", GgufValue.of(kind));
    metadata.put(PREFIX + "tokens", GgufValue.strings(tokens()));
    metadata.put(PREFIX + "token_type", GgufValue.i32s(tokenTypes()));
    // a tokenizer.json by itself does not name its roles, but shows them around a prompt
    int[] framed = original.encode("x", Specials.PROMPT);
    int[] bare = original.encode("x");
    boolean begins = framed[0] != bare[0];
    boolean ends = framed[framed.length - 1] != bare[bare.length - 1];
    id(metadata, "bos", begins ? OptionalInt.of(framed[0]) : original.bosId());
    id(metadata, "eos", ends ? OptionalInt.of(framed[framed.length - 1]) : original.eosId());
    id(metadata, "unknown", original.unknownId());
    id(metadata, "padding", original.paddingId());
    original.endOfGeneration().stream()
        .filter(id -> !OptionalInt.of(id).equals(original.eosId()))
        .min(Integer::compare)
        .ifPresent(id -> metadata.put(PREFIX + "eot_token_id", GgufValue.u32(id)));
    metadata.put(PREFIX + "add_bos_token", GgufValue.of(begins));
    metadata.put(PREFIX + "add_eos_token", GgufValue.of(ends));
    original
        .chatTemplate()
        .ifPresent(template -> metadata.put("tokenizer.chat_template", GgufValue.of(template)));
    return metadata;
  }

  /** Padded to the rows of the embedding, which may be more than there are tokens. */
  private String[] tokens() {
    String[] tokens = new String[size];
    for (int id = 0; id < size; id++) {
      tokens[id] = isHole(id) ? "[PAD" + id + "]" : original.token(id);
    }
    return tokens;
  }

  private long[] tokenTypes() {
    long[] numbers = new long[size];
    for (int id = 0; id < size; id++) {
      numbers[id] = isHole(id) ? UNUSED : types.applyAsInt(id);
    }
    return numbers;
  }

  private boolean isHole(int id) {
    return id >= original.vocabSize() || original.token(id).isEmpty();
  }

  private static void id(Map<String, GgufValue> metadata, String role, OptionalInt id) {
    id.ifPresent(value -> metadata.put(PREFIX + role + "_token_id", GgufValue.u32(value)));
  }
}
