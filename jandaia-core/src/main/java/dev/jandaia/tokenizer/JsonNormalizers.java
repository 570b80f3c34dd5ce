package dev.jandaia.tokenizer;

import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Reads the {@code normalizer} of a tokenizer.json. */
final class JsonNormalizers {
  private static final List<String> KNOWN =
      List.of(
          "Sequence",
          "NFC",
          "NFD",
          "NFKC",
          "NFKD",
          "Prepend",
          "Replace",
          "Lowercase",
          "Strip",
          "StripAccents",
          "BertNormalizer",
          "Nmt",
          "Precompiled",
          "ByteLevel");

  private JsonNormalizers() {}

  static Normalizer read(Json json) {
    return switch (json.type()) {
      case "Sequence" -> sequence(json);
      case "NFC" -> Normalizer.unicode(Form.NFC);
      case "NFD" -> Normalizer.unicode(Form.NFD);
      case "NFKC" -> Normalizer.unicode(Form.NFKC);
      case "NFKD" -> Normalizer.unicode(Form.NFKD);
      case "Prepend" -> Normalizer.prepend(json.text("prepend"));
      case "Replace" -> replace(json);
      case "Lowercase" -> Normalizer.lowercase();
      case "Strip" ->
          Normalizer.strip(json.flag("strip_left", true), json.flag("strip_right", true));
      case "StripAccents" -> Normalizer.stripAccents();
      case "BertNormalizer" -> bert(json);
      case "Nmt" -> Normalizer.nmt();
      case "Precompiled" -> precompiled(json.required("precompiled_charsmap"));
      case "ByteLevel" -> ByteAlphabet::spell;
      default -> throw json.unknownType(KNOWN);
    };
  }

  private static Normalizer sequence(Json json) {
    List<Normalizer> steps = new ArrayList<>();
    for (Json step : json.required("normalizers").elements()) {
      steps.add(read(step));
    }
    return Normalizer.sequence(steps);
  }

  private static Normalizer replace(Json json) {
    String content = json.text("content");
    return JsonPatterns.either(
        json.required("pattern"),
        literal -> Normalizer.replace(literal, content),
        regex -> Normalizer.replace(Regex.compile(regex), content));
  }

  private static Normalizer bert(Json json) {
    boolean lower = json.flag("lowercase", true);
    return Normalizer.bert(
        json.flag("clean_text", true),
        json.flag("handle_chinese_chars", true),
        json.flag("strip_accents", lower),
        lower);
  }

  private static Normalizer precompiled(Json charsmap) {
    try {
      byte[] blob = Base64.getDecoder().decode(charsmap.text());
      return SentencePieceNormalizer.mapped(Charsmap.of(blob));
    } catch (IllegalArgumentException e) {
      throw charsmap.wrong("base64");
    }
  }
}
