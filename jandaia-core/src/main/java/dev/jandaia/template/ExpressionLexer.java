package dev.jandaia.template;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits what stands between the delimiters of one tag into tokens. */
final class ExpressionLexer {
  private static final Pattern FLOAT =
      Pattern.compile(
          "(?<!\\.)[0-9]++(?:_[0-9]++)*+"
              + "(?:(?:\\.[0-9]++(?:_[0-9]++)*+)?[eE][+-]?[0-9]++(?:_[0-9]++)*+"
              + "|\\.[0-9]++(?:_[0-9]++)*+)");
  private static final Pattern INTEGER =
      Pattern.compile(
          "0[bB](?:_?[01])++|0[oO](?:_?[0-7])++|0[xX](?:_?[0-9a-fA-F])++"
              + "|[1-9](?:_?[0-9])*+|0(?:_?0)*+");
  private static final List<String> OPERATORS =
      List.of(
          "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{",
          "}", ">", "<", "=", ".", ":", "|", ",", ";");

  private final Lexer lexer;
  private final String source;
  private final boolean block;
  private final Deque<String> openBrackets = new ArrayDeque<>();
  private int position;

  ExpressionLexer(Lexer lexer, String source, boolean block) {
    this.lexer = lexer;
    this.source = source;
    this.block = block;
  }

  /** Adds the tokens from {@code start} to the end of the tag; returns the position after it. */
  int run(int start) {
    position = start;
    while (true) {
      int end = openBrackets.isEmpty() ? tagEnd() : -1;
      if (end >= 0) {
        lexer.addAt(position, block ? Token.Kind.BLOCK_END : Token.Kind.VARIABLE_END, "");
        return end;
      }
      int next = lexer.skipSpace(position);
      if (next > position) {
        position = next;
      } else if (position == source.length()) {
        return position;
      } else {
        token();
      }
    }
  }

  private int tagEnd() {
    String close = block ? "%}" : "}}";
    if (source.startsWith(close, position)) {
      return lexer.afterEnd(position + 2, ' ', block);
    }
    char sign = source.startsWith(close, position + 1) ? source.charAt(position) : ' ';
    return sign == '-' || block && sign == '+' ? lexer.afterEnd(position + 3, sign, block) : -1;
  }

  private void token() {
    int c = source.codePointAt(position);
    if (c >= '0' && c <= '9') {
      number();
    } else if (Characters.isIdentifierStart(c)) {
      name();
    } else if (c == '\'' || c == '"') {
      string((char) c);
    } else {
      operator();
    }
  }

  private void number() {
    Matcher floating = FLOAT.matcher(source).useTransparentBounds(true);
    if (floating.region(position, source.length()).lookingAt()) {
      take(Token.Kind.FLOAT, floating.end());
      return;
    }
    Matcher integer = INTEGER.matcher(source).region(position, source.length());
    if (!integer.lookingAt()) {
      throw unexpectedCharacter();
    }
    take(Token.Kind.INTEGER, integer.end());
  }

  private void take(Token.Kind kind, int end) {
    lexer.addAt(position, kind, source.substring(position, end).replace("_", ""));
    position = end;
  }

  private void name() {
    int end = position;
    while (end < source.length() && Characters.isIdentifierPart(source.codePointAt(end))) {
      end += Character.charCount(source.codePointAt(end));
    }
    lexer.addAt(position, Token.Kind.NAME, source.substring(position, end));
    position = end;
  }

  private void string(char quote) {
    int end = position + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw unexpectedCharacter();
    }
    int line = lexer.lineAt(position);
    String text = StringLiteral.unescape(source.substring(position + 1, end), line);
    lexer.addAt(position, Token.Kind.STRING, text);
    position = end + 1;
  }

  private void operator() {
    String operator =
        OPERATORS.stream()
            .filter(symbol -> source.startsWith(symbol, position))
            .findFirst()
            .orElseThrow(this::unexpectedCharacter);
    balance(operator);
    lexer.addAt(position, Token.Kind.OPERATOR, operator);
    position += operator.length();
  }

  private void balance(String operator) {
    switch (operator) {
      case "{" -> openBrackets.push("}");
      case "(" -> openBrackets.push(")");
      case "[" -> openBrackets.push("]");
      case "}", ")", "]" -> close(operator);
      default -> {}
    }
  }

  private void close(String bracket) {
    if (openBrackets.isEmpty()) {
      throw new TemplateError("unexpected '" + bracket + "'", lexer.lineAt(position));
    }
    String expected = openBrackets.pop();
    if (!expected.equals(bracket)) {
      throw new TemplateError(
          "unexpected '%s', expected '%s'".formatted(bracket, expected), lexer.lineAt(position));
    }
  }

  private TemplateError unexpectedCharacter() {
    return new TemplateError(
        "unexpected char " + Repr.quote(Character.toString(source.codePointAt(position))),
        lexer.lineAt(position));
  }
}
