package dev.jandaia.template;

import java.util.List;
import java.util.Optional;

/** What has a value. {@code line} is where it starts in the template. */
sealed interface Expression {
  int line();

  record Constant(Value value, int line) implements Expression {}

  record Name(String name, int line) implements Expression {}

  record Attribute(Expression owner, String name, int line) implements Expression {}

  record Item(Expression owner, Expression key, int line) implements Expression {}

  record Slice(Expression owner, Expression start, Expression stop, Expression step, int line)
      implements Expression {}

  record Call(Expression callee, CallArguments arguments, int line) implements Expression {}

  record Filter(Expression subject, String name, CallArguments arguments, int line)
      implements Expression {}

  record Test(Expression subject, String name, CallArguments arguments, int line)
      implements Expression {}

  record Arithmetic(Operators.Binary operator, Expression left, Expression right, int line)
      implements Expression {}

  record Negate(Expression operand, int line) implements Expression {}

  record Plus(Expression operand, int line) implements Expression {}

  record Not(Expression operand, int line) implements Expression {}

  record And(Expression left, Expression right, int line) implements Expression {}

  record Or(Expression left, Expression right, int line) implements Expression {}

  /** {@code a < b <= c}: every operand is evaluated once. */
  record Comparison(Expression first, List<Step> steps, int line) implements Expression {
    record Step(String operator, Expression operand) {}
  }

  /** {@code a ~ b ~ c}. */
  record Concatenation(List<Expression> parts, int line) implements Expression {}

  record Conditional(Expression test, Expression then, Optional<Expression> otherwise, int line)
      implements Expression {}

  record ListLiteral(List<Expression> items, int line) implements Expression {}

  record TupleLiteral(List<Expression> items, int line) implements Expression {}

  record DictLiteral(List<Entry> entries, int line) implements Expression {
    record Entry(Expression key, Expression value) {}
  }

  /** {@code (a, name=b, *c, **d)}. */
  record CallArguments(
      List<Expression> positional,
      List<Named> named,
      Optional<Expression> star,
      Optional<Expression> doubleStar) {
    static final CallArguments NONE =
        new CallArguments(List.of(), List.of(), Optional.empty(), Optional.empty());

    record Named(String name, Expression value) {}
  }
}
