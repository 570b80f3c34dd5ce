package dev.jandaia.tokenizer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the files beside a tokenizer say about it: {@code tokenizer_config.json}, {@code
 * special_tokens_map.json}, {@code generation_config.json}, {@code config.json} and {@code
 * chat_template.jinja}. Each may be absent.
 */
final class HfConfig {
  private final Path directory;
  private final Optional<Json> tokenizer;
  private final Optional<Json> specialTokens;
  private final Optional<Json> generation;
  private final Optional<Json> model;

  private HfConfig(Path directory) {
    this.directory = directory;
    this.tokenizer = read("tokenizer_config.json");
    this.specialTokens = read("special_tokens_map.json");
    this.generation = read("generation_config.json");
    this.model = read("config.json");
  }

  static HfConfig in(Path directory) {
    return new HfConfig(directory);
  }

  private Optional<Json> read(String name) {
    Path file = directory.resolve(name);
    return Files.isRegularFile(file) ? Optional.of(Json.read(file)) : Optional.empty();
  }

  /** The tokens that tokenizer_config.json lists by id. */
  List<AddedToken> addedTokens() {
    List<AddedToken> added = new ArrayList<>();
    tokenizer
        .flatMap(json -> json.field("added_tokens_decoder"))
        .ifPresent(decoder -> {
          for (var entry : decoder.fields()) {
            Json token = new Json(decoder.path() + "." + entry.getKey(), entry.getValue());
            added.add(HfTokenizer.added(id(entry.getKey(), token), token));
          }
        });
    return added;
  }

  private static int id(String key, Json place) {
    try {
      return Integer.parseInt(key);
    } catch (NumberFormatException e) {
      throw place.wrong("a token id as the key");
    }
  }

  /** The roles; an explicit {@code add_bos_token} or {@code add_eos_token} beats the framing. */
  Roles roles(Vocabulary vocabulary, RoleDefaults defaults) {
    OptionalInt bos = role("bos", vocabulary, defaults.bos());
    OptionalInt eos = role("eos", vocabulary, defaults.eos());
    List<Integer> stops = new ArrayList<>();
    eos.ifPresent(stops::add);
    generation.ifPresent(json -> stops.addAll(ids(json, "eos_token_id")));
    model.ifPresent(json -> stops.addAll(ids(json, "eos_token_id")));
    return new Roles(
        bos,
        eos,
        first(named("unk_token", vocabulary), defaults.unknown()),
        first(named("pad_token", vocabulary), defaults.padding()),
        framed("add_bos_token", bos, defaults.prefix()),
        framed("add_eos_token", eos, defaults.suffix()),
        Roles.stops(vocabulary, stops));
  }

  private static OptionalInt first(OptionalInt one, OptionalInt other) {
    return one.isPresent() ? one : other;
  }

  private List<Integer> framed(String flag, OptionalInt token, List<Integer> otherwise) {
    Optional<Boolean> wanted = tokenizer.flatMap(json -> json.field(flag)).map(Json::flag);
    if (wanted.isEmpty() || token.isEmpty()) {
      return otherwise;
    }
    return wanted.get() ? List.of(token.getAsInt()) : List.of();
  }

  /** The token that the tokenizer's files name, or else the id that the model's files give. */
  private OptionalInt role(String role, Vocabulary vocabulary, OptionalInt otherwise) {
    OptionalInt own = first(named(role + "_token", vocabulary), otherwise);
    if (own.isPresent() || tokenizer.isPresent()) {
      return own;
    }
    List<Integer> ids = new ArrayList<>();
    model.ifPresent(json -> ids.addAll(ids(json, role + "_token_id")));
    generation.ifPresent(json -> ids.addAll(ids(json, role + "_token_id")));
    return ids.stream()
        .filter(id -> id >= 0 && id < vocabulary.size())
        .mapToInt(Integer::intValue)
        .findFirst();
  }

  private OptionalInt named(String field, Vocabulary vocabulary) {
    for (Optional<Json> file : List.of(tokenizer, specialTokens)) {
      Optional<Json> token = file.flatMap(json -> json.field(field));
      if (token.isPresent()) {
        Json spelled = token.get();
        return vocabulary.lookup(spelled.isObject() ? spelled.text("content") : spelled.text());
      }
    }
    return OptionalInt.empty();
  }

  /** One id or a list of ids. */
  private static List<Integer> ids(Json json, String field) {
    List<Integer> ids = new ArrayList<>();
    json.field(field)
        .ifPresent(value -> {
          if (value.isArray()) {
            value.elements().forEach(id -> ids.add(id.integer()));
          } else {
            ids.add(value.integer());
          }
        });
    return ids;
  }

  /** The template of its own file, or the one called "default" in tokenizer_config.json. */
  Optional<String> chatTemplate() {
    Path file = directory.resolve("chat_template.jinja");
    if (Files.isRegularFile(file)) {
      return Optional.of(TextFiles.read(file));
    }
    Optional<Json> template = tokenizer.flatMap(json -> json.field("chat_template"));
    if (template.isPresent() && template.get().isArray()) {
      for (Json named : template.get().elements()) {
        if (named.text("name").equals("default")) {
          return Optional.of(named.text("template"));
        }
      }
      return Optional.empty();
    }
    return template.map(Json::text);
  }
}
