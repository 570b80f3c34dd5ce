package dev.jandaia.tokenizer;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Reads a {@code tekken.json} of Mistral AI: control tokens have the ids 0 to S − 1, the byte
 * string of rank r has the id S + r.
 */
final class TekkenTokenizer {
  /** The control tokens of files that do not list them; the rest of the S are fillers. */
  private static final List<String> CONTROL =
      List.of(
          "<unk>",
          "<s>",
          "</s>",
          "[INST]",
          "[/INST]",
          "[AVAILABLE_TOOLS]",
          "[/AVAILABLE_TOOLS]",
          "[TOOL_RESULTS]",
          "[/TOOL_RESULTS]",
          "[TOOL_CALLS]",
          "[IMG]",
          "<pad>",
          "[IMG_BREAK]",
          "[IMG_END]",
          "[PREFIX]",
          "[MIDDLE]",
          "[SUFFIX]",
          "[SYSTEM_PROMPT]",
          "[/SYSTEM_PROMPT]",
          "[TOOL_CONTENT]");

  private static final int LARGEST_VOCABULARY = 1 << 24;

  private TekkenTokenizer() {}

  static Tokenizer read(Json json, HfConfig config) {
    Json settings = json.required("config");
    int size = count(settings, "default_vocab_size");
    int controls = count(settings, "default_num_special_tokens");
    if (controls > size) {
      throw settings.required("default_num_special_tokens").wrong("at most " + size);
    }
    RankedVocabulary ranked = ranked(json.required("vocab"), size - controls, controls);
    return tokenizer(settings, ranked, controls(json, controls), config);
  }

  /** The vocabulary alone, as tiktoken sees it: no control tokens, and ids that are ranks. */
  static Tokenizer ranks(Json json, HfConfig config) {
    Json settings = json.required("config");
    int tokens =
        count(settings, "default_vocab_size") - count(settings, "default_num_special_tokens");
    return tokenizer(settings, ranked(json.required("vocab"), tokens, 0), List.of(), config);
  }

  private static Tokenizer tokenizer(
      Json settings, RankedVocabulary ranked, List<AddedToken> added, HfConfig config) {
    Vocabulary vocabulary = ranked.vocabulary(added);
    return new TextTokenizer(
        new TextTokenizer.Parts(
            vocabulary,
            new AddedTokenMatcher(added, AddedToken::content),
            new AddedTokenMatcher(List.of(), AddedToken::content),
            Normalizer.NONE,
            PreTokenizer.sequence(
                List.of(Split.isolated(settings.text("pattern")), PreTokenizer.byteLevel())),
            ranked.model(),
            0,
            roles(vocabulary),
            config.chatTemplate()));
  }

  private static int count(Json settings, String field) {
    Json value = settings.required(field);
    int count = value.integer();
    if (count < 0 || count > LARGEST_VOCABULARY) {
      throw value.wrong("0 to " + LARGEST_VOCABULARY);
    }
    return count;
  }

  /** The list may be longer than the vocabulary: what is beyond its size is not used. */
  private static RankedVocabulary ranked(Json vocab, int tokens, int firstId) {
    RankedVocabulary ranked = RankedVocabulary.empty();
    int rank = 0;
    for (Json entry : vocab.elements()) {
      if (rank >= tokens) {
        break;
      }
      if (entry.required("rank").integer() != rank) {
        throw entry.required("rank").wrong(Integer.toString(rank));
      }
      ranked.add(bytes(entry.required("token_bytes")), firstId + rank);
      rank++;
    }
    return ranked;
  }

  private static byte[] bytes(Json encoded) {
    try {
      return Base64.getDecoder().decode(encoded.text());
    } catch (IllegalArgumentException e) {
      throw encoded.wrong("base64");
    }
  }

  private static List<AddedToken> controls(Json json, int count) {
    List<AddedToken> added = new ArrayList<>();
    Set<Integer> taken = new HashSet<>();
    if (json.field("special_tokens").isPresent()) {
      for (Json token : json.required("special_tokens").elements()) {
        int id = token.required("rank").integer();
        if (id < 0 || id >= count) {
          throw token.required("rank").wrong("an id below " + count);
        }
        boolean control = token.flag("is_control", true);
        String content = token.text("token_str");
        added.add(control ? AddedToken.control(id, content) : AddedToken.userDefined(id, content));
        taken.add(id);
      }
    } else {
      for (int id = 0; id < Math.min(count, CONTROL.size()); id++) {
        added.add(AddedToken.control(id, CONTROL.get(id)));
        taken.add(id);
      }
    }
    for (int id = 0; id < count; id++) {
      if (!taken.contains(id)) {
        added.add(AddedToken.control(id, "<SPECIAL_" + id + ">"));
      }
    }
    return added;
  }

  private static Roles roles(Vocabulary vocabulary) {
    OptionalInt bos = vocabulary.lookup("<s>");
    OptionalInt eos = vocabulary.lookup("</s>");
    return new Roles(
        bos,
        eos,
        vocabulary.lookup("<unk>"),
        vocabulary.lookup("<pad>"),
        bos.stream().boxed().toList(),
        List.of(),
        Roles.stops(vocabulary, eos.stream().boxed().toList()));
  }
}
