package dev.jandaia.template;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a template into text and tags, and applies whitespace control: {@code -} strips all
 * whitespace on its side of a tag; otherwise a block or comment loses the indentation before it and
 * the newline after it, unless marked {@code +}.
 */
final class Lexer {
  private static final int MAX_SOURCE = 4 << 20;

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int position;
  private int line = 1;
  private int lineCountedTo;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> tokenize(String source) {
    if (source.length() > MAX_SOURCE) {
      throw new TemplateError(
          "has %d characters, the limit is %d".formatted(source.length(), MAX_SOURCE));
    }
    String normalized = source.replace("\r\n", "\n").replace('\r', '\n');
    String text =
        normalized.endsWith("\n") ? normalized.substring(0, normalized.length() - 1) : normalized;
    return new Lexer(text).run();
  }

  private List<Token> run() {
    while (position < source.length()) {
      int tag = nextTag();
      if (tag < 0) {
        data(source.substring(position));
        position = source.length();
      } else {
        tag(tag);
      }
    }
    add(Token.Kind.END, "");
    return tokens;
  }

  private int nextTag() {
    for (int brace = source.indexOf('{', position);
        brace >= 0;
        brace = source.indexOf('{', brace + 1)) {
      if (brace + 1 < source.length() && "{%#".indexOf(source.charAt(brace + 1)) >= 0) {
        return brace;
      }
    }
    return -1;
  }

  private void tag(int start) {
    char type = source.charAt(start + 1);
    int rawBody = type == '%' ? tagEnd(start, "raw", false) : -1;
    textBefore(start, type == '{');
    position = start + 2 + sign(start).length();
    if (rawBody >= 0) {
      position = rawBody;
      raw();
    } else if (type == '#') {
      comment();
    } else {
      boolean block = type == '%';
      add(block ? Token.Kind.BLOCK_BEGIN : Token.Kind.VARIABLE_BEGIN, "");
      position = new ExpressionLexer(this, source, block).run(position);
    }
  }

  /** The whitespace control right after the two characters that open a tag. */
  private String sign(int tag) {
    boolean signed = tag + 2 < source.length() && "-+".indexOf(source.charAt(tag + 2)) >= 0;
    return signed ? source.substring(tag + 2, tag + 3) : "";
  }

  private void textBefore(int tag, boolean variable) {
    String text = source.substring(position, tag);
    switch (sign(tag)) {
      case "-" -> data(Characters.stripTrailing(text, Characters::isSpace));
      case "+" -> data(text);
      default -> data(variable ? text : withoutIndentation(text));
    }
  }

  private String withoutIndentation(String text) {
    int lineStart = text.lastIndexOf('\n') + 1;
    boolean startsLine = lineStart > 0 || position == 0 || source.charAt(position - 1) == '\n';
    boolean blank = text.substring(lineStart).codePoints().allMatch(Characters::isSpace);
    return startsLine && blank ? text.substring(0, lineStart) : text;
  }

  private void data(String text) {
    if (!text.isEmpty()) {
      add(Token.Kind.DATA, text);
    }
  }

  void add(Token.Kind kind, String text) {
    addAt(position, kind, text);
  }

  void addAt(int start, Token.Kind kind, String text) {
    tokens.add(new Token(kind, text, lineAt(start)));
  }

  int lineAt(int offset) {
    for (; lineCountedTo < offset; lineCountedTo++) {
      if (source.charAt(lineCountedTo) == '\n') {
        line++;
      }
    }
    return line;
  }

  private void comment() {
    int end = source.indexOf("#}", position);
    if (end < 0) {
      if (position < source.length()) {
        throw new TemplateError("Missing end of comment tag", lineAt(position));
      }
      return;
    }
    char before = end > position ? source.charAt(end - 1) : ' ';
    position = afterEnd(end + 2, before == '+' || before == '-' ? before : ' ', true);
  }

  /** Where the text goes on after a tag that ended before {@code after}. */
  int afterEnd(int after, char sign, boolean trimNewline) {
    int next = after;
    if (sign == '-') {
      next = skipSpace(next);
    } else if (sign != '+' && trimNewline && source.startsWith("\n", next)) {
      next++;
    }
    return next;
  }

  int skipSpace(int from) {
    int next = from;
    while (next < source.length() && Characters.isSpace(source.charAt(next))) {
      next++;
    }
    return next;
  }

  private void raw() {
    for (int tag = source.indexOf("{%", position); tag >= 0; tag = source.indexOf("{%", tag + 1)) {
      int end = tagEnd(tag, "endraw", true);
      if (end >= 0) {
        textBefore(tag, false);
        position = end;
        return;
      }
    }
    if (position < source.length()) {
      throw new TemplateError("Missing end of raw directive", lineAt(position));
    }
  }

  /** Where the tag at {@code start} ends if it is {@code {% name %}}, else -1. */
  private int tagEnd(int start, String name, boolean closing) {
    int at = skipSpace(start + 2 + sign(start).length());
    if (!source.startsWith(name, at)) {
      return -1;
    }
    at = skipSpace(at + name.length());
    if (source.startsWith("%}", at)) {
      return afterEnd(at + 2, ' ', closing);
    }
    if (source.startsWith("-%}", at)) {
      return afterEnd(at + 3, '-', false);
    }
    return closing && source.startsWith("+%}", at) ? at + 3 : -1;
  }
}
