package dev.jandaia.template;

import dev.jandaia.template.Expression.CallArguments;
import dev.jandaia.template.Expression.Constant;
import dev.jandaia.template.Value.None;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What follows an operand: attributes, subscripts, calls, filters and tests. */
final class PostfixParser {
  private final Tokens tokens;
  private final CompileChecks checks;
  private final ExpressionParser expressions;
  private final PrimaryParser primaries;

  PostfixParser(
      Tokens tokens, CompileChecks checks, ExpressionParser expressions, PrimaryParser primaries) {
    this.tokens = tokens;
    this.checks = checks;
    this.expressions = expressions;
    this.primaries = primaries;
  }

  Expression postfix(Expression operand) {
    Expression result = operand;
    while (true) {
      if (tokens.at(".")) {
        result = attribute(result);
      } else if (tokens.at("[")) {
        result = subscript(result);
      } else if (tokens.at("(")) {
        result = call(result);
      } else {
        return result;
      }
    }
  }

  private Expression attribute(Expression owner) {
    int line = tokens.next().line();
    Token name = tokens.next();
    return switch (name.kind()) {
      case NAME -> new Expression.Attribute(owner, name.text(), line);
      case INTEGER ->
          new Expression.Item(owner, new Constant(PrimaryParser.integer(name), line), line);
      default -> throw new TemplateError("expected name or number", name.line());
    };
  }

  private Expression subscript(Expression owner) {
    int line = tokens.next().line();
    if (tokens.at(":")) {
      return slice(owner, absent(), line);
    }
    List<Expression> keys = new ArrayList<>();
    boolean comma = false;
    while (!tokens.at("]")) {
      keys.add(expressions.expression());
      if (tokens.at(":") && !comma) {
        return slice(owner, keys.getFirst(), line);
      }
      if (!tokens.at("]")) {
        tokens.expect(",");
        comma = true;
      }
    }
    tokens.expect("]");
    return new Expression.Item(
        owner, keys.size() == 1 ? keys.getFirst() : new Expression.TupleLiteral(keys, line), line);
  }

  private Expression slice(Expression owner, Expression start, int line) {
    tokens.expect(":");
    Expression stop = sliceBound();
    Expression step = tokens.skip(":") ? sliceBound() : absent();
    tokens.expect("]");
    return new Expression.Slice(owner, start, stop, step, line);
  }

  private Expression sliceBound() {
    return tokens.at(":") || tokens.at("]") ? absent() : expressions.expression();
  }

  private Expression absent() {
    return new Constant(None.NONE, tokens.line());
  }

  private Expression.Call call(Expression callee) {
    int line = tokens.line();
    return new Expression.Call(callee, arguments(), line);
  }

  private CallArguments arguments() {
    tokens.expect("(");
    List<Expression> positional = new ArrayList<>();
    List<CallArguments.Named> named = new ArrayList<>();
    Optional<Expression> star = Optional.empty();
    Optional<Expression> doubleStar = Optional.empty();
    while (!tokens.skip(")")) {
      if (tokens.at("*")) {
        require(star.isEmpty() && doubleStar.isEmpty());
        tokens.next();
        star = Optional.of(expressions.expression());
      } else if (tokens.at("**")) {
        require(doubleStar.isEmpty());
        tokens.next();
        doubleStar = Optional.of(expressions.expression());
      } else if (tokens.at(Token.Kind.NAME) && tokens.following().is("=")) {
        require(doubleStar.isEmpty());
        String name = tokens.next().text();
        tokens.next();
        named.add(new CallArguments.Named(name, expressions.expression()));
      } else {
        require(star.isEmpty() && doubleStar.isEmpty() && named.isEmpty());
        positional.add(expressions.expression());
      }
      if (!tokens.at(")")) {
        tokens.expect(",");
      }
    }
    return new CallArguments(positional, named, star, doubleStar);
  }

  private void require(boolean condition) {
    if (!condition) {
      throw tokens.fail("invalid syntax for function call expression");
    }
  }

  Expression filtersAndTests(Expression operand) {
    Expression result = operand;
    while (true) {
      if (tokens.skip("|")) {
        result = filter(result);
      } else if (tokens.atName("is")) {
        result = test(result);
      } else if (tokens.at("(")) {
        result = call(result);
      } else {
        return result;
      }
    }
  }

  /** A filter after its {@code |}. */
  Expression.Filter filter(Expression subject) {
    int line = tokens.line();
    String name = dottedName();
    checks.filter(name, line);
    CallArguments arguments = tokens.at("(") ? arguments() : CallArguments.NONE;
    return new Expression.Filter(subject, name, arguments, line);
  }

  private String dottedName() {
    StringBuilder name = new StringBuilder(tokens.expect(Token.Kind.NAME).text());
    while (tokens.skip(".")) {
      name.append('.').append(tokens.expect(Token.Kind.NAME).text());
    }
    return name.toString();
  }

  private Expression test(Expression subject) {
    int line = tokens.next().line();
    boolean negated = tokens.skipName("not");
    String name = dottedName();
    checks.test(name, line);
    Expression test = new Expression.Test(subject, name, testArguments(), line);
    return negated ? new Expression.Not(test, line) : test;
  }

  /** {@code (a, b)}, or one operand without parentheses as in {@code is divisibleby 3}. */
  private CallArguments testArguments() {
    if (tokens.at("(")) {
      return arguments();
    }
    if (!startsTestOperand()) {
      return CallArguments.NONE;
    }
    if (tokens.atName("is")) {
      throw tokens.fail("You cannot chain multiple tests with is");
    }
    Expression operand = postfix(primaries.primary());
    return new CallArguments(List.of(operand), List.of(), Optional.empty(), Optional.empty());
  }

  private boolean startsTestOperand() {
    return switch (tokens.current().kind()) {
      case NAME -> !tokens.atName("else") && !tokens.atName("or") && !tokens.atName("and");
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> tokens.at("[") || tokens.at("{");
      default -> false;
    };
  }
}
