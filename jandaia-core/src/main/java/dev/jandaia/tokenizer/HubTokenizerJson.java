package dev.jandaia.tokenizer;

import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tokenizer.PrePatterns.PrePattern;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A {@code tokenizer.json} of the Hugging Face tokenizers library from the tokens of a GGUF file.
 * All tokens are in the model's own vocabulary, so that the library numbers them as the file does.
 */
final class HubTokenizerJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String SPACE_SIGN = "\u2581";

  private final GgufVocabulary vocabulary;
  private final Tokenizer tokenizer;

  /** A writer of {@code vocabulary}, which {@code tokenizer} was read from. */
  HubTokenizerJson(GgufVocabulary vocabulary, Tokenizer tokenizer) {
    this.vocabulary = vocabulary;
    this.tokenizer = tokenizer;
  }

  /**
   * The file's content.
   *
   * @throws JandaiaException if two tokens have the same spelling, which the format cannot say
   */
  ObjectNode write() {
    for (int id = 0; id < vocabulary.size(); id++) {
      int first = vocabulary.ids().find(vocabulary.token(id));
      if (first != id) {
        throw new JandaiaException(
            "tokenizer.ggml.tokens: tokenizer.json needs different tokens, found %s at %d and %d"
                .formatted(Messages.shortened(vocabulary.token(id)), first, id));
      }
    }
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("version", "1.0");
    json.putNull("truncation");
    json.putNull("padding");
    json.set("added_tokens", addedTokens());
    switch (vocabulary.kind()) {
      case "gpt2" -> byteLevel(json);
      case "llama" -> sentencePiece(json);
      case "gemma4" -> spaced(json);
      case "t5" -> unigram(json);
      default -> throw new JandaiaException("tokenizer.ggml.model: " + vocabulary.kind());
    }
    return json;
  }

  private ArrayNode addedTokens() {
    ArrayNode tokens = NODES.arrayNode();
    for (AddedToken token : vocabulary.added()) {
      tokens
          .addObject()
          .put("id", token.id())
          .put("content", token.content())
          .put("single_word", token.singleWord())
          .put("lstrip", token.leftStrip())
          .put("rstrip", token.rightStrip())
          .put("normalized", token.normalized())
          .put("special", token.special());
    }
    return tokens;
  }

  private void byteLevel(ObjectNode json) {
    PrePattern pre = PrePatterns.named(vocabulary.preTokenizer());
    ArrayNode steps = NODES.arrayNode();
    pre.patterns().forEach(pattern -> steps.add(split(pattern)));
    steps.add(byteLevelStep());
    json.putNull("normalizer");
    json.set("pre_tokenizer", sequence("pretokenizers", steps));
    json.set("post_processor", framing().isEmpty() ? byteLevelStep() : template());
    json.set("decoder", byteLevelStep());
    List<String[]> merges =
        vocabulary.ranked() ? RankMerges.of(tokenizer) : vocabulary.mergedPairs();
    json.set("model", bpe(merges, OptionalInt.empty(), false, pre.wholeFirst()));
  }

  /** Only the alphabet of bytes: the patterns are steps of their own. */
  private static ObjectNode byteLevelStep() {
    return step("ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", false)
        .put("use_regex", false);
  }

  private void sentencePiece(ObjectNode json) {
    ArrayNode normalizers = NODES.arrayNode();
    if (vocabulary.spaceFirst()) {
      normalizers.add(step("Prepend").put("prepend", SPACE_SIGN));
    }
    normalizers.add(replace(" ", SPACE_SIGN));
    json.set("normalizer", sequence("normalizers", normalizers));
    json.putNull("pre_tokenizer");
    spacedEnd(json, vocabulary.spaceFirst());
    json.set("model", bpe(scoredMerges(), vocabulary.role("unknown"), true, false));
  }

  /** A run of newlines that is a token stands alone, which {@code ignore_merges} says. */
  private void spaced(ObjectNode json) {
    json.set("normalizer", replace(" ", SPACE_SIGN));
    json.set("pre_tokenizer", split("\\n+"));
    spacedEnd(json, false);
    json.set("model", bpe(vocabulary.mergedPairs(), vocabulary.role("unknown"), true, true));
  }

  private void spacedEnd(ObjectNode json, boolean spaceFirst) {
    json.set("post_processor", framing().isEmpty() ? NODES.nullNode() : template());
    ArrayNode decoders = NODES.arrayNode();
    decoders.add(replace(SPACE_SIGN, " "));
    decoders.add(step("ByteFallback"));
    decoders.add(step("Fuse"));
    if (spaceFirst) {
      decoders.add(step("Strip").put("content", " ").put("start", 1).put("stop", 0));
    }
    json.set("decoder", sequence("decoders", decoders));
  }

  private void unigram(ObjectNode json) {
    ArrayNode normalizers = NODES.arrayNode();
    if (vocabulary.charsmap().length > 0) {
      normalizers.add(
          step("Precompiled")
              .put(
                  "precompiled_charsmap",
                  Base64.getEncoder().encodeToString(vocabulary.charsmap())));
    }
    if (vocabulary.trimmed()) {
      // not by Strip: other white space at the ends stays
      normalizers.add(replaceRegex("\\A +|[ " + SPACE_SIGN + "]+\\z", ""));
      normalizers.add(replaceRegex(" {2,}", " "));
    }
    if (vocabulary.spaceFirst()) {
      normalizers.add(step("Prepend").put("prepend", SPACE_SIGN));
    }
    normalizers.add(replace(" ", SPACE_SIGN));
    json.set("normalizer", sequence("normalizers", normalizers));
    json.putNull("pre_tokenizer");
    spacedEnd(json, vocabulary.spaceFirst());
    ObjectNode model = step("Unigram");
    vocabulary
        .role("unknown")
        .ifPresentOrElse(id -> model.put("unk_id", id), () -> model.putNull("unk_id"));
    double[] scores = vocabulary.unigramScores();
    ArrayNode vocab = model.putArray("vocab");
    for (int id = 0; id < vocabulary.size(); id++) {
      vocab.addArray().add(vocabulary.token(id)).add(scores[id]);
    }
    model.put("byte_fallback", false);
    json.set("model", model);
  }

  private ObjectNode bpe(
      List<String[]> merges, OptionalInt unknown, boolean byteFallback, boolean wholeFirst) {
    ObjectNode model = step("BPE");
    model.putNull("dropout");
    unknown.ifPresentOrElse(
        id -> model.put("unk_token", vocabulary.token(id)), () -> model.putNull("unk_token"));
    model.putNull("continuing_subword_prefix");
    model.putNull("end_of_word_suffix");
    model.put("fuse_unk", byteFallback);
    model.put("byte_fallback", byteFallback);
    model.put("ignore_merges", wholeFirst);
    ObjectNode vocab = model.putObject("vocab");
    for (int id = 0; id < vocabulary.size(); id++) {
      vocab.put(vocabulary.token(id), id);
    }
    ArrayNode pairs = model.putArray("merges");
    merges.forEach(pair -> pairs.addArray().add(pair[0]).add(pair[1]));
    return model;
  }

  /**
   * The merges that a vocabulary with scores implies: all pairs of tokens whose concatenation is a
   * token, that of the highest score first.
   */
  private List<String[]> scoredMerges() {
    float[] scores = vocabulary.scores();
    Map<String, Integer> pieces = vocabulary.pieces();
    List<Map.Entry<String, Integer>> results = new ArrayList<>(pieces.entrySet());
    results.sort(
        Comparator.comparingDouble((Map.Entry<String, Integer> piece) -> -scores[piece.getValue()])
            .thenComparing(Map.Entry::getValue));
    List<String[]> merges = new ArrayList<>();
    for (Map.Entry<String, Integer> result : results) {
      merges.addAll(cuts(result.getKey(), pieces));
    }
    return merges;
  }

  private static List<String[]> cuts(String piece, Map<String, Integer> pieces) {
    List<String[]> cuts = new ArrayList<>();
    for (int cut = piece.offsetByCodePoints(0, 1);
        cut < piece.length();
        cut = piece.offsetByCodePoints(cut, 1)) {
      String left = piece.substring(0, cut);
      String right = piece.substring(cut);
      if (pieces.containsKey(left) && pieces.containsKey(right)) {
        cuts.add(new String[] {left, right});
      }
    }
    cuts.sort(
        Comparator.comparingInt((String[] pair) -> pieces.get(pair[0]))
            .thenComparingInt(pair -> pieces.get(pair[1])));
    return cuts;
  }

  /** The tokens around a prompt. */
  private List<OptionalInt> framing() {
    List<OptionalInt> framing = new ArrayList<>();
    if (tokenizer.addsBos()) {
      framing.add(tokenizer.bosId());
    }
    if (tokenizer.addsEos()) {
      framing.add(tokenizer.eosId());
    }
    return framing;
  }

  private ObjectNode template() {
    ObjectNode template = step("TemplateProcessing");
    template.set("single", framed(0));
    ArrayNode pair = framed(0);
    framed(1).forEach(pair::add);
    template.set("pair", pair);
    ObjectNode special = template.putObject("special_tokens");
    for (OptionalInt id : framing()) {
      String token = vocabulary.token(id.getAsInt());
      ObjectNode entry = special.putObject(token);
      entry.put("id", token);
      entry.putArray("ids").add(id.getAsInt());
      entry.putArray("tokens").add(token);
    }
    return template;
  }

  private ArrayNode framed(int sequence) {
    ArrayNode parts = NODES.arrayNode();
    if (tokenizer.addsBos()) {
      parts.add(part("SpecialToken", tokenizer.token(tokenizer.bosId().getAsInt()), sequence));
    }
    parts.add(part("Sequence", sequence == 0 ? "A" : "B", sequence));
    if (tokenizer.addsEos()) {
      parts.add(part("SpecialToken", tokenizer.token(tokenizer.eosId().getAsInt()), sequence));
    }
    return parts;
  }

  private static ObjectNode part(String kind, String id, int sequence) {
    ObjectNode part = NODES.objectNode();
    part.putObject(kind).put("id", id).put("type_id", sequence);
    return part;
  }

  private static ObjectNode split(String pattern) {
    ObjectNode split = step("Split");
    split.putObject("pattern").put("Regex", pattern);
    return split.put("behavior", "Isolated").put("invert", false);
  }

  private static ObjectNode replace(String literal, String content) {
    ObjectNode replace = step("Replace");
    replace.putObject("pattern").put("String", literal);
    return replace.put("content", content);
  }

  private static ObjectNode replaceRegex(String pattern, String content) {
    ObjectNode replace = step("Replace");
    replace.putObject("pattern").put("Regex", pattern);
    return replace.put("content", content);
  }

  private static ObjectNode sequence(String name, ArrayNode steps) {
    ObjectNode sequence = step("Sequence");
    sequence.set(name, steps);
    return sequence;
  }

  private static ObjectNode step(String type) {
    return NODES.objectNode().put("type", type);
  }
}
