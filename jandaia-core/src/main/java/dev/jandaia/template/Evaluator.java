package dev.jandaia.template;

import dev.jandaia.template.Expression.CallArguments;
import dev.jandaia.template.Value.Bool;
import dev.jandaia.template.Value.Dict;
import dev.jandaia.template.Value.Tuple;
import dev.jandaia.template.Value.Undefined;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Computes expressions. */
final class Evaluator {
  private final Context context;

  Evaluator(Context context) {
    this.context = context;
  }

  Value evaluate(Expression expression, Scope scope) {
    context.budget().enter();
    try {
      return dispatch(expression, scope);
    } catch (TemplateError e) {
      throw e.at(expression.line());
    } finally {
      context.budget().leave();
    }
  }

  private Value dispatch(Expression expression, Scope scope) {
    return switch (expression) {
      case Expression.Constant constant -> constant.value();
      case Expression.Name name -> scope.get(name.name());
      case Expression.Attribute attribute ->
          Attributes.attribute(context, evaluate(attribute.owner(), scope), attribute.name());
      case Expression.Item item ->
          Attributes.item(context, evaluate(item.owner(), scope), evaluate(item.key(), scope));
      case Expression.Slice slice -> slice(slice, scope);
      case Expression.Call call ->
          call(evaluate(call.callee(), scope), arguments(call.arguments(), scope));
      case Expression.Filter filter -> filter(filter, evaluate(filter.subject(), scope), scope);
      case Expression.Test test ->
          Tests.apply(
              context,
              test.name(),
              evaluate(test.subject(), scope),
              arguments(test.arguments(), scope));
      case Expression.Arithmetic arithmetic ->
          Operators.apply(
              context,
              arithmetic.operator(),
              evaluate(arithmetic.left(), scope),
              evaluate(arithmetic.right(), scope));
      case Expression.Negate negate -> Operators.negate(evaluate(negate.operand(), scope));
      case Expression.Plus plus -> Operators.plus(evaluate(plus.operand(), scope));
      case Expression.Not not -> Bool.of(!Values.truth(evaluate(not.operand(), scope)));
      case Expression.And and -> {
        Value left = evaluate(and.left(), scope);
        yield Values.truth(left) ? evaluate(and.right(), scope) : left;
      }
      case Expression.Or or -> {
        Value left = evaluate(or.left(), scope);
        yield Values.truth(left) ? left : evaluate(or.right(), scope);
      }
      case Expression.Comparison comparison -> compare(comparison, scope);
      case Expression.Concatenation concatenation -> concatenate(concatenation, scope);
      case Expression.Conditional conditional -> choose(conditional, scope);
      case Expression.ListLiteral list -> context.list(evaluateAll(list.items(), scope));
      case Expression.TupleLiteral tuple -> {
        context.budget().elements(tuple.items().size());
        yield new Tuple(evaluateAll(tuple.items(), scope));
      }
      case Expression.DictLiteral dict -> dict(dict, scope);
    };
  }

  private List<Value> evaluateAll(List<Expression> expressions, Scope scope) {
    List<Value> values = new ArrayList<>(expressions.size());
    for (Expression expression : expressions) {
      values.add(evaluate(expression, scope));
    }
    return values;
  }

  private Value dict(Expression.DictLiteral literal, Scope scope) {
    Map<Value, Value> entries = new LinkedHashMap<>();
    for (Expression.DictLiteral.Entry entry : literal.entries()) {
      Value key = Values.hashable(context, evaluate(entry.key(), scope));
      entries.put(key, evaluate(entry.value(), scope));
    }
    return context.dict(entries);
  }

  private Value slice(Expression.Slice slice, Scope scope) {
    return Attributes.slice(
        context,
        evaluate(slice.owner(), scope),
        evaluate(slice.start(), scope),
        evaluate(slice.stop(), scope),
        evaluate(slice.step(), scope));
  }

  private Value choose(Expression.Conditional conditional, Scope scope) {
    if (Values.truth(evaluate(conditional.test(), scope))) {
      return evaluate(conditional.then(), scope);
    }
    if (conditional.otherwise().isPresent()) {
      return evaluate(conditional.otherwise().get(), scope);
    }
    return new Undefined(
        "the inline if-expression on line %d evaluated to false and no else section was defined."
            .formatted(conditional.line()));
  }

  private Value concatenate(Expression.Concatenation concatenation, Scope scope) {
    StringBuilder text = new StringBuilder();
    for (Expression part : concatenation.parts()) {
      String next = Repr.str(evaluate(part, scope));
      context.budget().append(text.length(), next.length());
      text.append(next);
    }
    return new Str(text.toString());
  }

  private Value compare(Expression.Comparison comparison, Scope scope) {
    Value left = evaluate(comparison.first(), scope);
    for (Expression.Comparison.Step step : comparison.steps()) {
      Value right = evaluate(step.operand(), scope);
      if (!holds(step.operator(), left, right)) {
        return Bool.FALSE;
      }
      left = right;
    }
    return Bool.TRUE;
  }

  private boolean holds(String operator, Value left, Value right) {
    return switch (operator) {
      case "==" -> Comparisons.equal(context, left, right);
      case "!=" -> !Comparisons.equal(context, left, right);
      case "<" -> Comparisons.less(context, left, right, false, operator);
      case "<=" -> Comparisons.less(context, left, right, true, operator);
      case ">" -> Comparisons.greater(context, left, right, false);
      case ">=" -> Comparisons.greater(context, left, right, true);
      case "in" -> Comparisons.contains(context, right, left);
      case "not in" -> !Comparisons.contains(context, right, left);
      default -> throw new IllegalStateException(operator);
    };
  }

  Value call(Value callee, Arguments arguments) {
    context.budget().enterCall();
    Value result = context.call(callee, arguments);
    context.budget().leaveCall();
    return result;
  }

  Value filter(Expression.Filter filter, Value subject, Scope scope) {
    return Filters.apply(context, filter.name(), subject, arguments(filter.arguments(), scope));
  }

  Arguments arguments(CallArguments arguments, Scope scope) {
    if (arguments.equals(CallArguments.NONE)) {
      return Arguments.NONE;
    }
    List<Value> positional = evaluateAll(arguments.positional(), scope);
    Map<String, Value> named = new LinkedHashMap<>();
    for (CallArguments.Named argument : arguments.named()) {
      addNamed(named, argument.name(), evaluate(argument.value(), scope));
    }
    arguments.star().ifPresent(star -> addAll(positional, evaluate(star, scope)));
    arguments.doubleStar().ifPresent(star -> addEntries(named, evaluate(star, scope)));
    return new Arguments(positional, named);
  }

  private void addAll(List<Value> positional, Value values) {
    Iterator<Value> items = Values.iterate(values);
    while (items.hasNext()) {
      context.budget().elements(1);
      positional.add(items.next());
    }
  }

  private static void addEntries(Map<String, Value> named, Value values) {
    if (!(values instanceof Dict dict)) {
      throw new TemplateError(
          "argument after ** must be a mapping, not " + Values.typeName(values));
    }
    dict.entries()
        .forEach((key, value) -> {
          if (!(key instanceof Str name)) {
            throw new TemplateError("keywords must be strings");
          }
          addNamed(named, name.text(), value);
        });
  }

  private static void addNamed(Map<String, Value> named, String name, Value value) {
    if (named.put(name, value) != null) {
      throw new TemplateError("got multiple values for keyword argument " + Repr.quote(name));
    }
  }
}
