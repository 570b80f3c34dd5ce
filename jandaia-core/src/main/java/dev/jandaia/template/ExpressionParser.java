package dev.jandaia.template;

import dev.jandaia.template.Expression.CallArguments;
import dev.jandaia.template.Expression.Comparison;
import dev.jandaia.template.Expression.Constant;
import dev.jandaia.template.Operators.Binary;
import dev.jandaia.template.Value.Bool;
import dev.jandaia.template.Value.Int;
import dev.jandaia.template.Value.None;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Recursive descent over expressions, loosest binding first: {@code if else}, {@code or}, {@code
 * and}, {@code not}, comparisons, {@code + -}, {@code ~}, {@code * / // %}, {@code **}, unary,
 * postfix, filters and tests.
 */
final class ExpressionParser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final Map<String, Binary> SUMS = Map.of("+", Binary.ADD, "-", Binary.SUBTRACT);
  private static final Map<String, Binary> PRODUCTS =
      Map.of(
          "*", Binary.MULTIPLY,
          "/", Binary.DIVIDE,
          "//", Binary.FLOOR_DIVIDE,
          "%", Binary.MODULO);
  private static final Map<String, Binary> POWERS = Map.of("**", Binary.POWER);

  private final Tokens tokens;
  private final CompileChecks checks;

  ExpressionParser(Tokens tokens, CompileChecks checks) {
    this.tokens = tokens;
    this.checks = checks;
  }

  /** An expression, or several with commas between them: a tuple. */
  Expression tuple() {
    return tuple(this::expression, false);
  }

  /** A tuple without {@code if else} at its top: what {@code for} iterates. */
  Expression plainTuple() {
    return tuple(this::or, false);
  }

  private Expression tuple(Supplier<Expression> element, boolean parenthesized) {
    int line = tokens.line();
    List<Expression> items = new ArrayList<>();
    boolean isTuple = false;
    while (!atTupleEnd()) {
      items.add(element.get());
      if (!tokens.skip(",")) {
        break;
      }
      isTuple = true;
    }
    if (!isTuple && !items.isEmpty()) {
      return items.getFirst();
    }
    if (!isTuple && !parenthesized) {
      throw tokens.fail("Expected an expression, got " + tokens.current().describe());
    }
    return new Expression.TupleLiteral(items, line);
  }

  private boolean atTupleEnd() {
    return tokens.at(Token.Kind.VARIABLE_END) || tokens.at(Token.Kind.BLOCK_END) || tokens.at(")");
  }

  Expression expression() {
    tokens.enter();
    int mark = checks.mark();
    int line = tokens.line();
    Expression value = or();
    while (tokens.skipName("if")) {
      Expression test = or();
      Optional<Expression> otherwise =
          tokens.skipName("else") ? Optional.of(expression()) : Optional.empty();
      value = new Expression.Conditional(test, value, otherwise, line);
      checks.conditionalSince(mark);
    }
    tokens.leave();
    return value;
  }

  private Expression or() {
    Expression left = and();
    while (tokens.atName("or")) {
      int line = tokens.next().line();
      left = new Expression.Or(left, and(), line);
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (tokens.atName("and")) {
      int line = tokens.next().line();
      left = new Expression.And(left, not(), line);
    }
    return left;
  }

  private Expression not() {
    if (!tokens.atName("not")) {
      return comparison();
    }
    tokens.enter();
    int line = tokens.next().line();
    Expression negated = new Expression.Not(not(), line);
    tokens.leave();
    return negated;
  }

  private Expression comparison() {
    int line = tokens.line();
    Expression first = sum();
    List<Comparison.Step> steps = new ArrayList<>();
    for (String operator = comparisonOperator();
        !operator.isEmpty();
        operator = comparisonOperator()) {
      steps.add(new Comparison.Step(operator, sum()));
    }
    return steps.isEmpty() ? first : new Comparison(first, steps, line);
  }

  /** Consumes a comparison operator; empty if there is none. */
  private String comparisonOperator() {
    if (tokens.at(Token.Kind.OPERATOR) && COMPARISONS.contains(tokens.current().text())) {
      return tokens.next().text();
    }
    if (tokens.skipName("in")) {
      return "in";
    }
    if (tokens.atName("not") && tokens.following().isName("in")) {
      tokens.next();
      tokens.next();
      return "not in";
    }
    return "";
  }

  private Expression sum() {
    return binary(SUMS, this::concatenation);
  }

  private Expression concatenation() {
    int line = tokens.line();
    Expression first = product();
    if (!tokens.at("~")) {
      return first;
    }
    List<Expression> parts = new ArrayList<>(List.of(first));
    while (tokens.skip("~")) {
      parts.add(product());
    }
    return new Expression.Concatenation(parts, line);
  }

  private Expression product() {
    return binary(PRODUCTS, this::power);
  }

  private Expression power() {
    return binary(POWERS, () -> unary(true));
  }

  private Expression binary(Map<String, Binary> operators, Supplier<Expression> operand) {
    Expression left = operand.get();
    while (tokens.at(Token.Kind.OPERATOR) && operators.containsKey(tokens.current().text())) {
      Token operator = tokens.next();
      Expression right = operand.get();
      left =
          new Expression.Arithmetic(operators.get(operator.text()), left, right, operator.line());
    }
    return left;
  }

  private Expression unary(boolean withFilters) {
    tokens.enter();
    int line = tokens.line();
    Expression operand;
    if (tokens.skip("-")) {
      operand = new Expression.Negate(unary(false), line);
    } else if (tokens.skip("+")) {
      operand = new Expression.Plus(unary(false), line);
    } else {
      operand = primary();
    }
    operand = postfix(operand);
    if (withFilters) {
      operand = filtersAndTests(operand);
    }
    tokens.leave();
    return operand;
  }

  private Expression primary() {
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

  private static Int integer(Token token) {
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
    Expression inner = tuple(this::expression, true);
    tokens.expect(")");
    return inner;
  }

  private Expression list(int line) {
    List<Expression> items = new ArrayList<>();
    while (!tokens.skip("]")) {
      items.add(expression());
      if (!tokens.at("]")) {
        tokens.expect(",");
      }
    }
    return new Expression.ListLiteral(items, line);
  }

  private Expression dict(int line) {
    List<Expression.DictLiteral.Entry> entries = new ArrayList<>();
    while (!tokens.skip("}")) {
      Expression key = expression();
      tokens.expect(":");
      entries.add(new Expression.DictLiteral.Entry(key, expression()));
      if (!tokens.at("}")) {
        tokens.expect(",");
      }
    }
    return new Expression.DictLiteral(entries, line);
  }

  private Expression postfix(Expression operand) {
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
      case INTEGER -> new Expression.Item(owner, new Constant(integer(name), line), line);
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
      keys.add(expression());
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
    return tokens.at(":") || tokens.at("]") ? absent() : expression();
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
        star = Optional.of(expression());
      } else if (tokens.at("**")) {
        require(doubleStar.isEmpty());
        tokens.next();
        doubleStar = Optional.of(expression());
      } else if (tokens.at(Token.Kind.NAME) && tokens.following().is("=")) {
        require(doubleStar.isEmpty());
        String name = tokens.next().text();
        tokens.next();
        named.add(new CallArguments.Named(name, expression()));
      } else {
        require(star.isEmpty() && doubleStar.isEmpty() && named.isEmpty());
        positional.add(expression());
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

  private Expression filtersAndTests(Expression operand) {
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
    Expression operand = postfix(primary());
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

  /** A name, a dotted name of a namespace if allowed, or several: where {@code set} stores. */
  Statement.Target target(boolean withNamespace) {
    int line = tokens.line();
    List<Statement.Target> targets = new ArrayList<>();
    boolean isTuple = false;
    while (!atTupleEnd()) {
      targets.add(singleTarget(withNamespace));
      if (!tokens.skip(",")) {
        break;
      }
      isTuple = true;
    }
    if (targets.isEmpty()) {
      throw new TemplateError("Expected an expression, got " + tokens.current().describe(), line);
    }
    return isTuple ? new Statement.Target.Unpack(targets) : targets.getFirst();
  }

  private Statement.Target singleTarget(boolean withNamespace) {
    if (tokens.at("(")) {
      tokens.enter();
      tokens.next();
      Statement.Target inner = target(withNamespace);
      tokens.expect(")");
      tokens.leave();
      return inner;
    }
    Token name = tokens.expect(Token.Kind.NAME);
    if (Set.of("true", "false", "none", "True", "False", "None").contains(name.text())) {
      throw new TemplateError("can't assign to 'const'", name.line());
    }
    if (withNamespace && tokens.skip(".")) {
      checks.load(name.text());
      return new Statement.Target.Attribute(name.text(), tokens.expect(Token.Kind.NAME).text());
    }
    checks.store(name.text(), name.line());
    return new Statement.Target.Variable(name.text());
  }
}
