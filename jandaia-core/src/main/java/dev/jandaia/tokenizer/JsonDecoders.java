package dev.jandaia.tokenizer;

import dev.jandaia.tokenizer.PreTokenizer.Prepend;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the {@code decoder} of a tokenizer.json. The file describes steps over a list of tokens;
 * all of the known ones come down to the bytes of each token and spaces to take off the front, and
 * that form can be streamed.
 */
final class JsonDecoders {
  private static final List<String> KNOWN =
      List.of(
          "Sequence",
          "ByteLevel",
          "ByteFallback",
          "Metaspace",
          "Replace",
          "Fuse",
          "Strip",
          "WordPiece",
          "BPEDecoder");

  private UnaryOperator<String> rewrite = UnaryOperator.identity();
  private boolean byteLevel;
  private boolean byteFallback;
  private boolean fused;
  private int leadingSpaces;

  private JsonDecoders() {}

  static TokenText read(Json json) {
    JsonDecoders decoder = new JsonDecoders();
    decoder.add(json);
    return decoder.tokenText();
  }

  /** Without a decoder the tokens are words. */
  static TokenText words() {
    return new TokenText(
        token -> Utf8.encode(" " + token), token -> Utf8.encode(" " + token), 1, true);
  }

  private void add(Json json) {
    switch (json.type()) {
      case "Sequence" -> json.required("decoders").elements().forEach(this::add);
      case "ByteLevel" -> byteLevel = true;
      case "ByteFallback" -> byteFallback = true;
      case "Fuse" -> fused = true;
      case "Metaspace" -> metaspace(json);
      case "Replace" -> replace(json);
      case "Strip" -> strip(json);
      case "WordPiece" -> wordPiece(json.text("prefix", "##"));
      case "BPEDecoder" -> then(wordEnds(json.text("suffix", "</w>")));
      default -> throw json.unknownType(KNOWN);
    }
  }

  private void then(UnaryOperator<String> step) {
    UnaryOperator<String> before = rewrite;
    rewrite = token -> step.apply(before.apply(token));
  }

  private void metaspace(Json json) {
    String sign = json.text("replacement", "\u2581");
    then(token -> token.replace(sign, " "));
    leadingSpaces = JsonPreTokenizers.prepend(json) == Prepend.NEVER ? 0 : 1;
  }

  private void replace(Json json) {
    Pattern pattern = JsonPatterns.pattern(json.required("pattern"));
    String content = Matcher.quoteReplacement(json.text("content"));
    then(token -> pattern.matcher(token).replaceAll(content));
  }

  /** After all tokens were fused this concerns the front of the text, before that each token. */
  private void strip(Json json) {
    String content = json.text("content", " ");
    int start = json.field("start").map(Json::integer).orElse(0);
    int stop = json.field("stop").map(Json::integer).orElse(0);
    if (fused && content.equals(" ")) {
      leadingSpaces = start;
    } else {
      then(token -> stripped(token, content, start, stop));
    }
  }

  private static String stripped(String token, String content, int start, int stop) {
    String result = token;
    for (int i = 0; i < start && result.startsWith(content) && !content.isEmpty(); i++) {
      result = result.substring(content.length());
    }
    for (int i = 0; i < stop && result.endsWith(content) && !content.isEmpty(); i++) {
      result = result.substring(0, result.length() - content.length());
    }
    return result;
  }

  private void wordPiece(String prefix) {
    then(token -> token.startsWith(prefix) ? token.substring(prefix.length()) : " " + token);
    leadingSpaces = 1;
  }

  private static UnaryOperator<String> wordEnds(String suffix) {
    return token -> token.replace(suffix, " ");
  }

  private TokenText tokenText() {
    if (byteLevel) {
      return TokenText.byteLevel();
    }
    UnaryOperator<String> text = rewrite;
    boolean bytes = byteFallback;
    return new TokenText(
        token -> {
          int b = bytes ? Fallback.byteOf(token) : -1;
          return b >= 0 ? new byte[] {(byte) b} : Utf8.encode(text.apply(token));
        },
        token -> Utf8.encode(text.apply(token)),
        leadingSpaces,
        true);
  }
}
