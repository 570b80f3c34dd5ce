package dev.jandaia.tokenizer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The tokenizer of a GGUF file as the files that a Hugging Face directory has for it. */
public final class HubTokenizerFiles {
  private HubTokenizerFiles() {}

  /**
   * The content by file name: {@code tokenizer.json}, {@code tokenizer_config.json} and {@code
   * generation_config.json}.
   *
   * @param metadata the GGUF file's key-value pairs, as in {@link Tokenizers#fromGguf}
   * @throws dev.jandaia.tensor.JandaiaException if the tokenizer is of an unknown kind or these
   *     files cannot express it
   */
  public static Map<String, String> of(Map<String, Object> metadata) {
    Tokenizer tokenizer = Tokenizers.fromGguf(metadata);
    GgufVocabulary vocabulary = new GgufVocabulary(new GgufValues(metadata));
    Map<String, String> files = new LinkedHashMap<>();
    files.put("tokenizer.json", new HubTokenizerJson(vocabulary, tokenizer).write().toString());
    files.put("tokenizer_config.json", pretty(config(tokenizer)));
    files.put("generation_config.json", pretty(generation(tokenizer)));
    return files;
  }

  private static ObjectNode config(Tokenizer tokenizer) {
    ObjectNode config = JsonMapper.shared().createObjectNode();
    config.put("add_bos_token", tokenizer.addsBos());
    config.put("add_eos_token", tokenizer.addsEos());
    named(config, "bos_token", tokenizer, tokenizer.bosId());
    named(config, "eos_token", tokenizer, tokenizer.eosId());
    named(config, "unk_token", tokenizer, tokenizer.unknownId());
    named(config, "pad_token", tokenizer, tokenizer.paddingId());
    config.put("clean_up_tokenization_spaces", false);
    // the class that takes tokenizer.json at its word
    config.put("tokenizer_class", "PreTrainedTokenizerFast");
    tokenizer.chatTemplate().ifPresent(template -> config.put("chat_template", template));
    return config;
  }

  private static void named(ObjectNode config, String field, Tokenizer tokenizer, OptionalInt id) {
    id.ifPresent(token -> config.put(field, tokenizer.token(token)));
  }

  private static ObjectNode generation(Tokenizer tokenizer) {
    ObjectNode generation = JsonMapper.shared().createObjectNode();
    tokenizer.bosId().ifPresent(id -> generation.put("bos_token_id", id));
    ArrayNode stops = generation.putArray("eos_token_id");
    tokenizer.eosId().ifPresent(stops::add);
    tokenizer.endOfGeneration().stream()
        .filter(id -> !OptionalInt.of(id).equals(tokenizer.eosId()))
        .forEach(stops::add);
    tokenizer.paddingId().ifPresent(id -> generation.put("pad_token_id", id));
    return generation;
  }

  private static String pretty(ObjectNode json) {
    return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
  }
}
