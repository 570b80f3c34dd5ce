package dev.jandaia.tokenizer;

import dev.jandaia.tokenizer.PreTokenizer.Prepend;
import dev.jandaia.tokenizer.Split.Behavior;
import java.util.ArrayList;
import java.util.List;

/** Reads the {@code pre_tokenizer} of a tokenizer.json. */
final class JsonPreTokenizers {
  private static final String PUNCTUATION = "[\\p{P}$+<=>^`|~]";
  private static final List<String> KNOWN =
      List.of(
          "Sequence",
          "ByteLevel",
          "Split",
          "Digits",
          "Punctuation",
          "Metaspace",
          "Whitespace",
          "WhitespaceSplit",
          "BertPreTokenizer",
          "CharDelimiterSplit",
          "FixedLength");

  private JsonPreTokenizers() {}

  static PreTokenizer read(Json json) {
    return switch (json.type()) {
      case "Sequence" -> sequence(json);
      case "ByteLevel" -> byteLevel(json);
      case "Split" -> split(json);
      case "Digits" ->
          Split.regex(
              "\\p{N}",
              json.flag("individual_digits", false) ? Behavior.ISOLATED : Behavior.CONTIGUOUS,
              false);
      case "Punctuation" ->
          Split.regex(
              PUNCTUATION,
              json.field("behavior").map(JsonPreTokenizers::behavior).orElse(Behavior.ISOLATED),
              false);
      case "Metaspace" ->
          PreTokenizer.metaspace(
              json.text("replacement", "\u2581"), prepend(json), json.flag("split", true));
      case "Whitespace" -> Split.regex("\\w+|[^\\w\\s]+", Behavior.REMOVED, true);
      case "WhitespaceSplit" -> Split.regex("\\s", Behavior.REMOVED, false);
      case "BertPreTokenizer" ->
          PreTokenizer.sequence(
              List.of(
                  Split.regex("\\s", Behavior.REMOVED, false),
                  Split.regex(PUNCTUATION, Behavior.ISOLATED, false)));
      case "CharDelimiterSplit" -> Split.literal(json.text("delimiter"), Behavior.REMOVED, false);
      case "FixedLength" -> fixedLength(json);
      default -> throw json.unknownType(KNOWN);
    };
  }

  private static PreTokenizer sequence(Json json) {
    List<PreTokenizer> steps = new ArrayList<>();
    for (Json step : json.required("pretokenizers").elements()) {
      steps.add(read(step));
    }
    return PreTokenizer.sequence(steps);
  }

  private static PreTokenizer byteLevel(Json json) {
    List<PreTokenizer> steps = new ArrayList<>();
    if (json.flag("add_prefix_space", true)) {
      steps.add(PreTokenizer.spaceFirst());
    }
    if (json.flag("use_regex", true)) {
      steps.add(PrePatterns.gpt2());
    }
    steps.add(PreTokenizer.byteLevel());
    return PreTokenizer.sequence(steps);
  }

  private static PreTokenizer split(Json json) {
    Behavior behavior = behavior(json.required("behavior"));
    boolean inverted = json.flag("invert", false);
    return JsonPatterns.either(
        json.required("pattern"),
        literal -> Split.literal(literal, behavior, inverted),
        regex -> Split.regex(regex, behavior, inverted));
  }

  private static PreTokenizer fixedLength(Json json) {
    int length = json.required("length").integer();
    if (length < 1) {
      throw json.wrong("a length of at least 1");
    }
    return Split.isolated("(?s:.{1," + length + "})");
  }

  private static Behavior behavior(Json json) {
    return switch (json.text()) {
      case "Removed" -> Behavior.REMOVED;
      case "Isolated" -> Behavior.ISOLATED;
      case "MergedWithPrevious" -> Behavior.MERGED_WITH_PREVIOUS;
      case "MergedWithNext" -> Behavior.MERGED_WITH_NEXT;
      case "Contiguous" -> Behavior.CONTIGUOUS;
      default -> throw json.wrong("a split behavior");
    };
  }

  /** Older files say {@code add_prefix_space} where newer ones have three choices. */
  static Prepend prepend(Json json) {
    String scheme =
        json.text("prepend_scheme", json.flag("add_prefix_space", true) ? "always" : "never");
    return switch (scheme) {
      case "always" -> Prepend.ALWAYS;
      case "first" -> Prepend.FIRST;
      case "never" -> Prepend.NEVER;
      default -> throw json.required("prepend_scheme").wrong("always, first or never");
    };
  }
}
