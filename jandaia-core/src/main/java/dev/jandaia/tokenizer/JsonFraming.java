package dev.jandaia.tokenizer;

import java.util.ArrayList;
import java.util.List;

/**
 * The tokens that the {@code post_processor} of a tokenizer.json puts around a text.
 *
 * @param prefix ids before it
 * @param suffix ids after it
 */
record JsonFraming(List<Integer> prefix, List<Integer> suffix) {
  static final JsonFraming NONE = new JsonFraming(List.of(), List.of());

  private static final List<String> KNOWN =
      List.of("Sequence", "TemplateProcessing", "ByteLevel", "RobertaProcessing", "BertProcessing");

  static JsonFraming read(Json json) {
    return switch (json.type()) {
      case "Sequence" -> sequence(json);
      case "TemplateProcessing" -> template(json);
      case "RobertaProcessing", "BertProcessing" ->
          new JsonFraming(List.of(id(json.required("cls"))), List.of(id(json.required("sep"))));
      case "ByteLevel" -> NONE; // concerns offsets alone
      default -> throw json.unknownType(KNOWN);
    };
  }

  /** A later step frames what an earlier one framed. */
  private static JsonFraming sequence(Json json) {
    List<Integer> prefix = new ArrayList<>();
    List<Integer> suffix = new ArrayList<>();
    for (Json step : json.required("processors").elements()) {
      JsonFraming framing = read(step);
      prefix.addAll(0, framing.prefix());
      suffix.addAll(framing.suffix());
    }
    return new JsonFraming(List.copyOf(prefix), List.copyOf(suffix));
  }

  private static JsonFraming template(Json json) {
    List<Integer> prefix = new ArrayList<>();
    List<Integer> suffix = new ArrayList<>();
    List<Integer> current = prefix;
    for (Json part : json.required("single").elements()) {
      if (part.field("Sequence").isPresent()) {
        current = suffix;
      } else {
        String name = part.required("SpecialToken").text("id");
        Json ids = json.required("special_tokens").required(name).required("ids");
        for (Json id : ids.elements()) {
          current.add(id.integer());
        }
      }
    }
    return new JsonFraming(List.copyOf(prefix), List.copyOf(suffix));
  }

  /** {@code ["[CLS]", 101]}. */
  private static int id(Json pair) {
    return pair.element(1).integer();
  }
}
