package dev.jandaia.convert;

import dev.jandaia.checkpoint.GgufValue;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tokenizer.Specials;
import dev.jandaia.tokenizer.Tokenizer;
import dev.jandaia.tokenizer.Tokenizers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tokenizer of a Hugging Face directory as GGUF metadata. A {@code tokenizer.json} of the BPE
 * kind is rewritten in each form that a GGUF file may give it (the published pre-tokenizers by
 * name, or SentencePiece with scores) until one reads {@link #PROBES} into the same ids as the
 * original; what has not been proven so is not written.
 */
final class TokenizerMetadata {
  private static final String PREFIX = "tokenizer.ggml.";

  private static final int NORMAL = 1;
  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;
  private static final int UNUSED = 5;
  private static final int BYTE = 6;

  /** The pre-tokenizers that published models share, the most common first. */
  private static final List<String> PRE_TOKENIZERS =
      List.of(
          "gpt-2",
          "llama-bpe",
          "qwen2",
          "dbrx",
          "gpt-4o",
          "tekken",
          "deepseek-v3",
          "deepseek-llm",
          "deepseek-coder",
          "smollm",
          "qwen35",
          "falcon",
          "default");

  /** Texts on which published tokenizers differ. */
  private static final List<String> PROBES =
      List.of(
          "Hello world",
          " Hello  world, it's WE'LL don't I'M   \n\n \t x\r\n\r\n  y\n",
          "1 12 123 1234 12345 3.14159, 2026-11-01 0x1F½ ²",
          "camelCase HTTPServer snake_case Ünïcödé straße ČESKÝ ñandú coração",
          "私は猫です。今日は2匹。 한국어 텍스트 русский текст العربية हिन्दी",
          "if (a != b && c[0] >= 1) { return \"x/y\\z\"; } // -- ... !!! ?! $5 #tag @me\n\n"
              + "/path/to",
          "🙂👍🏽 e\u200Bf … “quoted” – dash — ´`^~ <|im_start|> </s>",
          "    indented\n\tcode\n        more   \n");

  private final Tokenizer original;
  private final JsonNode model;
  private final Set<Integer> added = new HashSet<>();
  private final int size;

  private TokenizerMetadata(Tokenizer original, JsonNode json, int size) {
    this.original = original;
    this.model = json.path("model");
    this.size = size;
    json.path("added_tokens").forEach(token -> added.add(token.path("id").asInt(-1)));
  }

  /**
   * The entries, as far as they can be given.
   *
   * @param vocabSize rows of the embedding, as many tokens as other readers expect
   * @param notes told if there is a tokenizer and it is left behind
   */
  static Map<String, GgufValue> of(Path directory, int vocabSize, Consumer<String> notes) {
    Path file = directory.resolve("tokenizer.json");
    if (!Files.exists(file)) {
      notes.accept(directory + ": no tokenizer.json, the GGUF file has no tokenizer");
      return Map.of();
    }
    JsonNode json = read(file);
    Tokenizer original = Tokenizers.fromDirectory(directory);
    boolean bpe = json.path("model").path("type").asString("").equals("BPE");
    if (bpe && original.vocabSize() <= vocabSize) {
      Optional<Map<String, GgufValue>> found =
          new TokenizerMetadata(original, json, vocabSize).proven();
      if (found.isPresent()) {
        return found.get();
      }
    }
    notes.accept(
        file + ": no form of it in GGUF was found to give the same ids, so it is left behind");
    return Map.of();
  }

  private static JsonNode read(Path file) {
    try {
      return JsonMapper.shared().readTree(Files.readString(file));
    } catch (JacksonException e) {
      throw new JandaiaException(file + ": not valid JSON (" + e.getOriginalMessage() + ")", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<Map<String, GgufValue>> proven() {
    List<String> probes = probes();
    return forms().filter(metadata -> readsTheSame(metadata, probes)).findFirst();
  }

  private Stream<Map<String, GgufValue>> forms() {
    if (fallsBackToBytes()) {
      return Stream.of(true, false).map(this::sentencePiece);
    }
    return PRE_TOKENIZERS.stream().map(this::byteLevel);
  }

  /** The fixed texts, and what tokens of this vocabulary spell in any order. */
  private List<String> probes() {
    List<String> probes = new ArrayList<>(PROBES);
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      probes.add(original.decode(random.ints(8, 0, original.vocabSize()).toArray()));
    }
    return probes;
  }

  private boolean readsTheSame(Map<String, GgufValue> metadata, List<String> probes) {
    Map<String, Object> plain = new LinkedHashMap<>();
    metadata.forEach((key, value) -> plain.put(key, value.value()));
    Tokenizer candidate = Tokenizers.fromGguf(plain);
    for (Specials specials : Specials.values()) {
      for (String probe : probes) {
        if (!Arrays.equals(original.encode(probe, specials), candidate.encode(probe, specials))) {
          return false;
        }
      }
    }
    return true;
  }

  private Map<String, GgufValue> byteLevel(String preTokenizer) {
    Map<String, GgufValue> metadata = common("gpt2");
    String[] merges = merges().map(pair -> pair[0] + " " + pair[1]).toArray(String[]::new);
    metadata.put(PREFIX + "merges", GgufValue.strings(merges));
    metadata.put(PREFIX + "pre", GgufValue.of(preTokenizer));
    return metadata;
  }

  /** A merge that comes earlier has the higher score; SentencePiece prefers high scores. */
  private Map<String, GgufValue> sentencePiece(boolean spaceFirst) {
    double[] scores = new double[size];
    Arrays.fill(scores, -size);
    int rank = 0;
    for (String[] pair : merges().toList()) {
      OptionalInt id = original.lookup(pair[0] + pair[1]);
      rank++;
      if (id.isPresent() && scores[id.getAsInt()] == -size) {
        scores[id.getAsInt()] = -rank;
      }
    }
    Map<String, GgufValue> metadata = common("llama");
    metadata.put(PREFIX + "pre", GgufValue.of("default"));
    metadata.put(PREFIX + "scores", GgufValue.f32s(scores));
    metadata.put(PREFIX + "add_space_prefix", GgufValue.of(spaceFirst));
    return metadata;
  }

  /** Pairs, which older files write as one string. */
  private Stream<String[]> merges() {
    return model
        .path("merges")
        .valueStream()
        .map(merge ->
            merge.isArray()
                ? new String[] {merge.path(0).asString(), merge.path(1).asString()}
                : merge.asString().split(" ", 2));
  }

  private Map<String, GgufValue> common(String kind) {
    Map<String, GgufValue> metadata = new LinkedHashMap<>();
    metadata.put(PREFIX + "model", GgufValue.of(kind));
    metadata.put(PREFIX + "tokens", GgufValue.strings(tokens()));
    metadata.put(PREFIX + "token_type", GgufValue.i32s(types()));
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

  private boolean isHole(int id) {
    return id >= original.vocabSize() || original.token(id).isEmpty();
  }

  private long[] types() {
    long[] types = new long[size];
    for (int id = 0; id < size; id++) {
      types[id] = type(id);
    }
    return types;
  }

  private int type(int id) {
    if (isHole(id)) {
      return UNUSED;
    }
    if (fallsBackToBytes() && original.token(id).matches("<0x[0-9A-F]{2}>")) {
      return BYTE;
    }
    if (fallsBackToBytes() && OptionalInt.of(id).equals(original.unknownId())) {
      return UNKNOWN;
    }
    if (original.isSpecial(id)) {
      return CONTROL;
    }
    return added.contains(id) ? USER_DEFINED : NORMAL;
  }

  private boolean fallsBackToBytes() {
    return model.path("byte_fallback").asBoolean(false);
  }

  private static void id(Map<String, GgufValue> metadata, String role, OptionalInt id) {
    id.ifPresent(value -> metadata.put(PREFIX + role + "_token_id", GgufValue.u32(value)));
  }
}
