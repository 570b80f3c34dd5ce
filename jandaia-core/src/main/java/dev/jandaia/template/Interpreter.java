package dev.jandaia.template;

import dev.jandaia.template.Statement.Target;
import dev.jandaia.template.Value.Undefined;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs the statements of a template. */
final class Interpreter {
  /** What the variables of one iteration cost. */
  private static final int SCOPE_STEPS = 4;

  private final Context context;
  private final Evaluator evaluator;
  private final Scope root;

  /** How a statement ended: {@code BREAK} and {@code CONTINUE} travel to the nearest loop. */
  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  Interpreter(Context context, Map<String, Value> variables) {
    this.context = context;
    this.evaluator = new Evaluator(context);
    this.root = Scope.root(Globals.ALL, variables);
  }

  String render(List<Statement> template) {
    StringBuilder out = new StringBuilder();
    run(template, root, out);
    return out.toString();
  }

  Evaluator evaluator() {
    return evaluator;
  }

  /** What {@code body} prints, as a string. */
  Value capture(List<Statement> body, Scope scope) {
    StringBuilder out = new StringBuilder();
    run(body, scope, out);
    return context.str(out.toString());
  }

  private Flow run(List<Statement> statements, Scope scope, StringBuilder out) {
    for (Statement statement : statements) {
      Flow flow = run(statement, scope, out);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  private Flow run(Statement statement, Scope scope, StringBuilder out) {
    context.budget().enter();
    try {
      return dispatch(statement, scope, out);
    } catch (TemplateError e) {
      throw e.at(statement.line());
    } finally {
      context.budget().leave();
    }
  }

  private Flow dispatch(Statement statement, Scope scope, StringBuilder out) {
    switch (statement) {
      case Statement.Text text -> write(out, text.text());
      case Statement.Print print -> write(out, Repr.str(evaluator.evaluate(print.value(), scope)));
      case Statement.If branches -> {
        return branch(branches, scope, out);
      }
      case Statement.For loop -> {
        return loop(loop, scope, out);
      }
      case Statement.Break _ -> {
        return Flow.BREAK;
      }
      case Statement.Continue _ -> {
        return Flow.CONTINUE;
      }
      case Statement.Assign assign ->
          assign(assign.target(), evaluator.evaluate(assign.value(), scope), scope);
      case Statement.AssignBlock block -> {
        StringBuilder captured = new StringBuilder();
        Scope inner = scope.inner();
        Flow flow = run(block.body(), inner, captured);
        if (flow != Flow.NEXT) {
          return flow;
        }
        assign(block.target(), filtered(block.filters(), captured, inner), scope);
      }
      case Statement.FilterBlock block -> {
        StringBuilder captured = new StringBuilder();
        Scope inner = scope.inner();
        Flow flow = run(block.body(), inner, captured);
        if (flow != Flow.NEXT) {
          return flow;
        }
        write(out, Repr.str(filtered(block.filters(), captured, inner)));
      }
      case Statement.DefineMacro(Statement.Signature signature, List<Statement> body, _) ->
          scope.set(signature.name(), new Macro(signature, body, scope, this));
      case Statement.CallBlock block -> callBlock(block, scope, out);
      case Statement.With with -> {
        return with(with, scope, out);
      }
      case Statement.Scoped scoped -> {
        return run(scoped.body(), scope.inner(), out);
      }
      case Statement.Block block -> run(block.body(), (block.scoped() ? scope : root).inner(), out);
      case Statement.Unsupported(String tag, _) ->
          throw new TemplateError(tag + " is not supported: a chat template stands alone");
    }
    return Flow.NEXT;
  }

  private void write(StringBuilder out, String text) {
    context.budget().append(out.length(), text.length());
    out.append(text);
  }

  private Flow branch(Statement.If statement, Scope scope, StringBuilder out) {
    for (Statement.If.Branch branch : statement.branches()) {
      if (Values.truth(evaluator.evaluate(branch.test(), scope))) {
        return run(branch.body(), scope, out);
      }
    }
    return run(statement.otherwise(), scope, out);
  }

  private Value filtered(List<Expression.Filter> filters, StringBuilder text, Scope scope) {
    Value value = context.str(text.toString());
    for (Expression.Filter filter : filters) {
      value = evaluator.filter(filter, value, scope);
    }
    return value;
  }

  private void callBlock(Statement.CallBlock block, Scope scope, StringBuilder out) {
    Value callee = evaluator.evaluate(block.call().callee(), scope);
    Arguments given = evaluator.arguments(block.call().arguments(), scope);
    Map<String, Value> named = new LinkedHashMap<>(given.named());
    named.put("caller", new Macro(block.signature(), block.body(), scope, this));
    write(out, Repr.str(evaluator.call(callee, new Arguments(given.positional(), named))));
  }

  private Flow with(Statement.With with, Scope scope, StringBuilder out) {
    Scope inner = scope.inner();
    for (Statement.With.Binding binding : with.bindings()) {
      assign(binding.target(), evaluator.evaluate(binding.value(), scope), inner);
    }
    return run(with.body(), inner, out);
  }

  private Flow loop(Statement.For loop, Scope scope, StringBuilder out) {
    Value items = evaluator.evaluate(loop.iterable(), scope);
    if (loop.recursive()) {
      write(out, Repr.str(recurse(loop, scope, items, 0)));
      return Flow.NEXT;
    }
    return iterate(loop, scope, items, Optional.empty(), 0, out);
  }

  private Value recurse(Statement.For loop, Scope scope, Value items, int depth) {
    StringBuilder out = new StringBuilder();
    LoopState.Recursion deeper = (inner, innerDepth) -> recurse(loop, scope, inner, innerDepth);
    iterate(loop, scope, items, Optional.of(deeper), depth, out);
    return context.str(out.toString());
  }

  private Flow iterate(
      Statement.For loop,
      Scope scope,
      Value items,
      Optional<LoopState.Recursion> recursion,
      int depth,
      StringBuilder out) {
    boolean sized = Values.isSized(items) && loop.test().isEmpty();
    LoopState state =
        new LoopState(
            context,
            passing(loop, scope, Values.iterate(items)),
            sized ? Optional.of(items) : Optional.empty(),
            recursion,
            depth);
    // As jinja2 compiles it, "else" runs unless some iteration reached the end of the body.
    boolean completed = false;
    while (state.advance()) {
      context.budget().steps(SCOPE_STEPS);
      Scope inner = scope.inner();
      inner.set("loop", state);
      assign(loop.target(), state.current(), inner);
      Flow flow = run(loop.body(), inner, out);
      completed |= flow == Flow.NEXT;
      if (flow == Flow.BREAK) {
        break;
      }
    }
    return completed ? Flow.NEXT : run(loop.otherwise(), scope.inner(), out);
  }

  /** The items that pass the loop's {@code if}, each tested when it is needed. */
  private Iterator<Value> passing(Statement.For loop, Scope scope, Iterator<Value> items) {
    if (loop.test().isEmpty()) {
      return items;
    }
    Expression test = loop.test().get();
    return new FilteredIterator(
        items,
        item -> {
          Scope inner = scope.inner();
          assign(loop.target(), item, inner);
          return Values.truth(evaluator.evaluate(test, inner));
        });
  }

  private void assign(Target target, Value value, Scope scope) {
    switch (target) {
      case Target.Variable(String name) -> scope.set(name, value);
      case Target.Attribute(String owner, String name) -> {
        if (!(scope.get(owner) instanceof Namespace namespace)) {
          throw new TemplateError("cannot assign attribute on non-namespace object");
        }
        namespace.set(name, value);
      }
      case Target.Unpack(List<Target> targets) -> unpack(targets, value, scope);
    }
  }

  private void unpack(List<Target> targets, Value value, Scope scope) {
    if (!Values.isIterable(value)) {
      throw value instanceof Undefined undefined
          ? undefined.error()
          : new TemplateError(
              "cannot unpack non-iterable %s object".formatted(Values.typeName(value)));
    }
    List<Value> parts = new ArrayList<>();
    Iterator<Value> items = Values.iterate(value);
    while (items.hasNext() && parts.size() <= targets.size()) {
      parts.add(items.next());
    }
    if (parts.size() > targets.size()) {
      throw new TemplateError("too many values to unpack (expected %d)".formatted(targets.size()));
    }
    if (parts.size() < targets.size()) {
      throw new TemplateError(
          "not enough values to unpack (expected %d, got %d)"
              .formatted(targets.size(), parts.size()));
    }
    for (int i = 0; i < parts.size(); i++) {
      assign(targets.get(i), parts.get(i), scope);
    }
  }
}
