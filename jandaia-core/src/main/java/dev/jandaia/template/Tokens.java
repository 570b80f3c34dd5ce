package dev.jandaia.template;

import java.util.List;
import java.util.Locale;

/** A cursor over the tokens of a template, and the guard against parsing too deep. */
final class Tokens {
  /** A bracket counts twice, and Python's own compiler stops at 100 of them. */
  private static final int MAX_DEPTH = 200;

  private final List<Token> tokens;
  private int position;
  private int depth;

  Tokens(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(position);
  }

  Token following() {
    return tokens.get(Math.min(position + 1, tokens.size() - 1));
  }

  int line() {
    return current().line();
  }

  Token next() {
    Token token = current();
    if (position < tokens.size() - 1) {
      position++;
    }
    return token;
  }

  boolean at(Token.Kind kind) {
    return current().kind() == kind;
  }

  boolean at(String operator) {
    return current().is(operator);
  }

  boolean atName(String name) {
    return current().isName(name);
  }

  /** Whether a tuple without parentheses ends here. */
  boolean atTupleEnd() {
    return at(Token.Kind.VARIABLE_END) || at(Token.Kind.BLOCK_END) || at(")");
  }

  boolean skip(String operator) {
    boolean found = at(operator);
    if (found) {
      next();
    }
    return found;
  }

  boolean skipName(String name) {
    boolean found = atName(name);
    if (found) {
      next();
    }
    return found;
  }

  Token expect(Token.Kind kind) {
    if (!at(kind)) {
      throw unexpected(new Token(kind, kind.name().toLowerCase(Locale.ROOT), 0).describe());
    }
    return next();
  }

  void expect(String operator) {
    if (!skip(operator)) {
      throw unexpected(Repr.quote(operator));
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw unexpected(Repr.quote(name));
    }
  }

  private TemplateError unexpected(String expected) {
    return at(Token.Kind.END)
        ? fail("unexpected end of template, expected " + expected)
        : fail("expected token " + expected + ", got " + current().describe());
  }

  TemplateError fail(String message) {
    return new TemplateError(message, line());
  }

  void enter() {
    if (++depth > MAX_DEPTH) {
      throw fail("nests more than " + MAX_DEPTH + " levels deep");
    }
  }

  void leave() {
    depth--;
  }
}
