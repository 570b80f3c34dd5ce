package dev.jandaia.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a {@code tokenizer.json} of the Hugging Face tokenizers library. */
final class HfTokenizer {
  private HfTokenizer() {}

  /** Reads the file's content; {@code config} says what the files beside it add. */
  static Tokenizer read(Json json, HfConfig config) {
    List<AddedToken> added = added(json);
    Set<String> special = new HashSet<>();
    added.stream().filter(AddedToken::special).forEach(token -> special.add(token.content()));
    JsonModels model = JsonModels.read(json.required("model"), special);
    Normalizer normalizer =
        json.field("normalizer").map(JsonNormalizers::read).orElse(Normalizer.NONE);
    PreTokenizer preTokenizer =
        json.field("pre_tokenizer").map(JsonPreTokenizers::read).orElse(PreTokenizer.NONE);
    TokenText text = json.field("decoder").map(JsonDecoders::read).orElseGet(JsonDecoders::words);
    JsonFraming framing =
        json.field("post_processor").map(JsonFraming::read).orElse(JsonFraming.NONE);
    Vocabulary vocabulary = vocabulary(model.tokens(), added, text, normalizer);
    return new TextTokenizer(
        new TextTokenizer.Parts(
            vocabulary,
            new AddedTokenMatcher(
                added.stream().filter(token -> !token.normalized()).toList(), AddedToken::content),
            new AddedTokenMatcher(
                added.stream().filter(AddedToken::normalized).toList(),
                token -> normalizer.apply(token.content())),
            normalizer,
            preTokenizer,
            model.model(),
            text.leadingSpaces(),
            config.roles(vocabulary, RoleDefaults.of(model.unknown(), framing)),
            config.chatTemplate()));
  }

  private static List<AddedToken> added(Json json) {
    List<AddedToken> added = new ArrayList<>();
    if (json.field("added_tokens").isPresent()) {
      for (Json token : json.required("added_tokens").elements()) {
        added.add(added(token.required("id").integer(), token));
      }
    }
    return added;
  }

  /** The token that {@code json} describes, in tokenizer.json or tokenizer_config.json. */
  static AddedToken added(int id, Json json) {
    boolean special = json.flag("special", false);
    return new AddedToken(
        id,
        json.text("content"),
        special,
        json.flag("normalized", !special),
        json.flag("lstrip", false),
        json.flag("rstrip", false),
        json.flag("single_word", false));
  }

  static Vocabulary vocabulary(
      Map<String, Integer> tokens, List<AddedToken> added, TokenText text, Normalizer normalizer) {
    List<Integer> ids = new ArrayList<>(tokens.values());
    added.forEach(token -> ids.add(token.id()));
    ListedVocabulary.Builder builder = new ListedVocabulary.Builder(ListedVocabulary.sizeFor(ids));
    Map<Integer, AddedToken> addedById = new HashMap<>();
    added.forEach(token -> addedById.put(token.id(), token));
    tokens.forEach((token, id) -> builder.set(id, token, text.bytesOf().apply(token)));
    addedById.values().forEach(token -> builder.add(token, text.bytesOf(token, normalizer)));
    return builder.build();
  }
}
