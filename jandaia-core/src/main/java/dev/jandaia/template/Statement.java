package dev.jandaia.template;

import java.util.List;
import java.util.Optional;

/** What stands in a template between other text. */
sealed interface Statement {
  int line();

  record Text(String text, int line) implements Statement {}

  record Print(Expression value, int line) implements Statement {}

  record If(List<Branch> branches, List<Statement> otherwise, int line) implements Statement {
    record Branch(Expression test, List<Statement> body) {}
  }

  record For(
      Target target,
      Expression iterable,
      Optional<Expression> test,
      boolean recursive,
      List<Statement> body,
      List<Statement> otherwise,
      int line)
      implements Statement {}

  record Break(int line) implements Statement {}

  record Continue(int line) implements Statement {}

  record Assign(Target target, Expression value, int line) implements Statement {}

  /** {@code {% set x | filter %}...{% endset %}}. */
  record AssignBlock(Target target, List<Expression.Filter> filters, List<Statement> body, int line)
      implements Statement {}

  record DefineMacro(Signature signature, List<Statement> body, int line) implements Statement {}

  /** {@code {% call(x) macro() %}...{% endcall %}}: the body becomes the macro's {@code caller}. */
  record CallBlock(Signature signature, Expression.Call call, List<Statement> body, int line)
      implements Statement {}

  record FilterBlock(List<Expression.Filter> filters, List<Statement> body, int line)
      implements Statement {}

  record With(List<Binding> bindings, List<Statement> body, int line) implements Statement {
    record Binding(Target target, Expression value) {}
  }

  /** A body with variables of its own: {@code generation}, {@code autoescape false}. */
  record Scoped(List<Statement> body, int line) implements Statement {}

  /** {@code block}: sees the template's variables, and those around it only if {@code scoped}. */
  record Block(boolean scoped, List<Statement> body, int line) implements Statement {}

  /** Fails when it is reached: there are no other templates to load. */
  record Unsupported(String tag, int line) implements Statement {}

  /** Where an assignment goes. */
  sealed interface Target {
    record Variable(String name) implements Target {}

    record Attribute(String namespace, String name) implements Target {}

    record Unpack(List<Target> targets) implements Target {}
  }

  /**
   * @param specials which of {@code caller}, {@code varargs} and {@code kwargs} the body reads
   */
  record Signature(String name, List<Parameter> parameters, List<String> specials) {
    record Parameter(String name, Optional<Expression> defaultValue) {}
  }
}
