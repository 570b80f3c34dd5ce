package dev.jandaia.template;

import dev.jandaia.template.Expression.Constant;
import dev.jandaia.template.Value.Bool;
import dev.jandaia.template.Value.Int;
import dev.jandaia.template.Value.None;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Names, literals and what stands in brackets. */
final class PrimaryParser {
  private final Tokens tokens;
  private final CompileChecks checks;
  private final ExpressionParser expressions;

  PrimaryParser(Tokens tokens, CompileChecks checks, ExpressionParser expressions) {
    this.tokens = tokens;
    this.checks = checks;
    this.expressions = expressions;
  }

  Expression primary() {
    Token token = tokens.next();
    int line = token.line();
    return switch (token.kind()) {
      case NAME -> name(token.text(), line);
      case STRING -> string(token);
      case INTEGER -> new Constant(integer(token), line);
      case FLOAT -> new Constant(new Value.Float(Double.parseDouble(token.text())), line);
      case OPERATOR -> bracketed(token);
      default -> throw new TemplateError("unexpected " + token.describe(), line);
    };
  }

  private Expression bracketed(Token token) {
    return switch (token.text()) {
      case "(" -> parenthesized();
      case "[" -> list(token.line());
      case "{" -> dict(token.line());
      default -> throw new TemplateError("unexpected " + token.describe(), token.line());
    };
  }

  private Expression name(String name, int line) {
    switch (name) {
      case "true", "True" -> {
        return new Constant(Bool.TRUE, line);
      }
      case "false", "False" -> {
        return new Constant(Bool.FALSE, line);
      }
      case "none", "None" -> {
        return new Constant(None.NONE, line);
      }
      default -> {
        checks.load(name);
        return new Expression.Name(name, line);
      }
    }
  }

  private Expression string(Token first) {
    if (!tokens.at(Token.Kind.STRING)) {
      return new Constant(new Str(first.text()), first.line());
    }
    StringBuilder joined = new StringBuilder(first.text());
    while (tokens.at(Token.Kind.STRING)) {
      joined.append(tokens.next().text());
    }
    return new Constant(new Str(joined.toString()), first.line());
  }

  static Int integer(Token token) {
    String digits = token.text();
    if (digits.length() > 2500) {
      throw new TemplateError("an integer of " + digits.length() + " digits", token.line());
    }
    int radix =
        switch (digits.length() > 1 ? digits.charAt(1) : ' ') {
          case 'x', 'X' -> 16;
          case 'o', 'O' -> 8;
          case 'b', 'B' -> 2;
          default -> 10;
        };
    return Numbers.checked(new BigInteger(radix == 10 ? digits : digits.substring(2), radix));
  }

  private Expression parenthesized() {
    Expression inner = expressions.parenthesized();
    tokens.expect(")");
    return inner;
  }

  private Expression list(int line) {
    List<Expression> items = new ArrayList<>();
    while (!tokens.skip("]")) {
      items.add(expressions.expression());
      if (!tokens.at("]")) {
        tokens.expect(",");
      }
    }
    return new Expression.ListLiteral(items, line);
  }

  private Expression dict(int line) {
    List<Expression.DictLiteral.Entry> entries = new ArrayList<>();
    while (!tokens.skip("}")) {
      Expression key = expressions.expression();
      tokens.expect(":");
      entries.add(new Expression.DictLiteral.Entry(key, expressions.expression()));
      if (!tokens.at("}")) {
        tokens.expect(",");
      }
    }
    return new Expression.DictLiteral(entries, line);
  }
}
