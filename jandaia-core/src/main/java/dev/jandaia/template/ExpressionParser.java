package dev.jandaia.template;

import dev.jandaia.template.Expression.Comparison;
import dev.jandaia.template.Operators.Binary;
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
  private final PrimaryParser primaries;
  private final PostfixParser postfixes;

  ExpressionParser(Tokens tokens, CompileChecks checks) {
    this.tokens = tokens;
    this.checks = checks;
    this.primaries = new PrimaryParser(tokens, checks, this);
    this.postfixes = new PostfixParser(tokens, checks, this, primaries);
  }

  /** A filter after its {@code |}. */
  Expression.Filter filter(Expression subject) {
    return postfixes.filter(subject);
  }

  /** What is between parentheses: one expression, or a tuple, even the empty one. */
  Expression parenthesized() {
    return tuple(this::expression, true);
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
    while (!tokens.atTupleEnd()) {
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
      operand = primaries.primary();
    }
    operand = postfixes.postfix(operand);
    if (withFilters) {
      operand = postfixes.filtersAndTests(operand);
    }
    tokens.leave();
    return operand;
  }
}
