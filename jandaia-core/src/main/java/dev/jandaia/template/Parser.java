package dev.jandaia.template;

import dev.jandaia.template.Statement.Signature;
import dev.jandaia.template.Statement.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Builds the statements of a template from its tokens. */
final class Parser {
  private static final Expression NO_SUBJECT = new Expression.Constant(Value.None.NONE, 0);

  private final Tokens tokens;
  private final CompileChecks checks = new CompileChecks();
  private final ExpressionParser expressions;
  private final TargetParser targets;

  private Parser(List<Token> tokens) {
    this.tokens = new Tokens(tokens);
    this.expressions = new ExpressionParser(this.tokens, checks);
    this.targets = new TargetParser(this.tokens, checks);
  }

  static List<Statement> parse(String source) {
    Parser parser = new Parser(Lexer.tokenize(source));
    List<Statement> statements = parser.statements(Set.of());
    parser.checks.finish();
    return statements;
  }

  /** Statements up to a tag in {@code ends}, which stays to be read; or to the very end. */
  private List<Statement> statements(Set<String> ends) {
    List<Statement> body = new ArrayList<>();
    while (!tokens.at(Token.Kind.END)) {
      Token token = tokens.next();
      switch (token.kind()) {
        case DATA -> body.add(new Statement.Text(token.text(), token.line()));
        case VARIABLE_BEGIN -> {
          body.add(new Statement.Print(expressions.tuple(), token.line()));
          tokens.expect(Token.Kind.VARIABLE_END);
        }
        case BLOCK_BEGIN -> {
          if (tokens.at(Token.Kind.NAME) && ends.contains(tokens.current().text())) {
            return body;
          }
          statement(body);
          tokens.expect(Token.Kind.BLOCK_END);
        }
        default -> throw new TemplateError("unexpected " + token.describe(), token.line());
      }
    }
    if (!ends.isEmpty()) {
      throw tokens.fail(
          "Unexpected end of template. Jinja was looking for the following tags: "
              + String.join(" or ", ends.stream().sorted().map(Repr::quote).toList()));
    }
    return body;
  }

  /** The body of the tag being read, up to and including the name of an end tag. */
  private List<Statement> body(String... ends) {
    tokens.enter();
    tokens.skip(":");
    tokens.expect(Token.Kind.BLOCK_END);
    List<Statement> body = statements(Set.of(ends));
    tokens.leave();
    return body;
  }

  private List<Statement> bodyAndEnd(String end) {
    List<Statement> body = body(end);
    tokens.expectName(end);
    return body;
  }

  /** A body with a frame of its own, whose filters must all exist. */
  private List<Statement> framedBody(String end) {
    return checks.within(false, () -> bodyAndEnd(end));
  }

  private void statement(List<Statement> out) {
    if (!tokens.at(Token.Kind.NAME)) {
      throw tokens.fail("tag name expected");
    }
    Token tag = tokens.next();
    int line = tag.line();
    switch (tag.text()) {
      case "print" -> print(out);
      case "if" -> out.add(branches(line));
      case "for" -> out.add(loop(line));
      case "set" -> out.add(assignment(line));
      case "macro" -> out.add(macro(line));
      case "call" -> out.add(callBlock(line));
      case "filter" -> out.add(filterBlock(line));
      case "with" -> out.add(with(line));
      case "generation" -> out.add(generation(line));
      case "block" -> out.add(block(line));
      case "autoescape" -> out.add(autoescape(line));
      case "break" -> {
        checks.requireLoop("break", line);
        out.add(new Statement.Break(line));
      }
      case "continue" -> {
        checks.requireLoop("continue", line);
        out.add(new Statement.Continue(line));
      }
      case "include", "import", "from", "extends" -> out.add(unsupported(tag));
      default ->
          throw new TemplateError("Encountered unknown tag " + Repr.quote(tag.text()) + ".", line);
    }
  }

  private void print(List<Statement> out) {
    while (!tokens.at(Token.Kind.BLOCK_END)) {
      int line = tokens.line();
      out.add(new Statement.Print(expressions.expression(), line));
      if (!tokens.at(Token.Kind.BLOCK_END)) {
        tokens.expect(",");
      }
    }
  }

  private Statement branches(int line) {
    List<Statement.If.Branch> branches = new ArrayList<>();
    List<Statement> otherwise =
        checks.within(
            true,
            () -> {
              do {
                Expression test = expressions.plainTuple();
                branches.add(new Statement.If.Branch(test, body("elif", "else", "endif")));
              } while (tokens.skipName("elif"));
              return tokens.next().text().equals("else") ? bodyAndEnd("endif") : List.of();
            });
    return new Statement.If(branches, otherwise, line);
  }

  private Statement loop(int line) {
    Target target = checks.loopHead(() -> targets.target(false));
    tokens.expectName("in");
    Expression iterable = expressions.plainTuple();
    Optional<Expression> test =
        tokens.skipName("if")
            ? Optional.of(checks.loopHead(expressions::expression))
            : Optional.empty();
    boolean recursive = tokens.skipName("recursive");
    List<Statement> body = checks.loop(() -> body("endfor", "else"));
    List<Statement> otherwise =
        tokens.next().text().equals("else")
            ? checks.loopHead(() -> bodyAndEnd("endfor"))
            : List.of();
    return new Statement.For(target, iterable, test, recursive, body, otherwise, line);
  }

  private Statement assignment(int line) {
    Target target = targets.target(true);
    if (tokens.skip("=")) {
      return new Statement.Assign(target, expressions.tuple(), line);
    }
    List<Expression.Filter> filters = checks.within(false, this::filters);
    return new Statement.AssignBlock(target, filters, framedBody("endset"), line);
  }

  private List<Expression.Filter> filters() {
    List<Expression.Filter> filters = new ArrayList<>();
    while (tokens.skip("|")) {
      filters.add(expressions.filter(NO_SUBJECT));
    }
    return filters;
  }

  private Statement macro(int line) {
    Token name = tokens.expect(Token.Kind.NAME);
    return define(
        name.text(),
        parameters(),
        "endmacro",
        (signature, body) -> new Statement.DefineMacro(signature, body, line));
  }

  private Statement callBlock(int line) {
    List<Signature.Parameter> parameters = tokens.at("(") ? parameters() : List.of();
    if (!(expressions.expression() instanceof Expression.Call call)) {
      throw new TemplateError("expected call", line);
    }
    return define(
        "caller",
        parameters,
        "endcall",
        (signature, body) -> new Statement.CallBlock(signature, call, body, line));
  }

  /** What becomes of a signature and the body that follows it. */
  private interface Definition {
    Statement of(Signature signature, List<Statement> body);
  }

  private Statement define(
      String name, List<Signature.Parameter> parameters, String end, Definition definition) {
    int line = tokens.line();
    List<String> names = parameters.stream().map(Signature.Parameter::name).toList();
    CompileChecks.Body body = checks.function(names, () -> bodyAndEnd(end));
    boolean bareCaller =
        parameters.stream().anyMatch(p -> p.name().equals("caller") && p.defaultValue().isEmpty());
    if (bareCaller && body.readsCaller()) {
      throw new TemplateError(
          "When defining macros or call blocks the special \"caller\" argument must be omitted or"
              + " be given a default.",
          line);
    }
    return definition.of(new Signature(name, parameters, body.specials()), body.statements());
  }

  private List<Signature.Parameter> parameters() {
    List<Signature.Parameter> parameters = new ArrayList<>();
    tokens.expect("(");
    while (!tokens.skip(")")) {
      if (!parameters.isEmpty()) {
        tokens.expect(",");
      }
      String name = tokens.expect(Token.Kind.NAME).text();
      Optional<Expression> defaultValue =
          tokens.skip("=")
              ? Optional.of(checks.within(false, expressions::expression))
              : Optional.empty();
      if (defaultValue.isEmpty()
          && !parameters.isEmpty()
          && parameters.getLast().defaultValue().isPresent()) {
        throw tokens.fail("non-default argument follows default argument");
      }
      parameters.add(new Signature.Parameter(name, defaultValue));
    }
    return parameters;
  }

  private Statement filterBlock(int line) {
    List<Expression.Filter> filters =
        checks.within(
            false,
            () -> {
              List<Expression.Filter> chain = new ArrayList<>();
              chain.add(expressions.filter(NO_SUBJECT));
              chain.addAll(filters());
              return chain;
            });
    return new Statement.FilterBlock(filters, framedBody("endfilter"), line);
  }

  private Statement with(int line) {
    List<Statement.With.Binding> bindings = new ArrayList<>();
    while (!tokens.at(Token.Kind.BLOCK_END)) {
      if (!bindings.isEmpty()) {
        tokens.expect(",");
      }
      Target target = targets.target(false);
      tokens.expect("=");
      bindings.add(new Statement.With.Binding(target, expressions.expression()));
    }
    return new Statement.With(bindings, framedBody("endwith"), line);
  }

  /** {@code generation} marks what the assistant said; jinja compiles its body as a macro. */
  private Statement generation(int line) {
    CompileChecks.Body body = checks.function(List.of(), () -> bodyAndEnd("endgeneration"));
    return new Statement.Scoped(body.statements(), line);
  }

  private Statement block(int line) {
    String name = tokens.expect(Token.Kind.NAME).text();
    checks.block(name, line);
    boolean scoped = tokens.skipName("scoped");
    tokens.skipName("required");
    CompileChecks.Body body = checks.function(List.of(), () -> bodyAndEnd("endblock"));
    tokens.skipName(name);
    return new Statement.Block(scoped, body.statements(), line);
  }

  private Statement autoescape(int line) {
    Expression option = expressions.expression();
    boolean off = option instanceof Expression.Constant(Value value, _) && !Values.truth(value);
    if (!off) {
      throw new TemplateError("autoescape is not supported: chat templates are plain text", line);
    }
    return new Statement.Scoped(framedBody("endautoescape"), line);
  }

  private Statement unsupported(Token tag) {
    while (!tokens.at(Token.Kind.BLOCK_END) && !tokens.at(Token.Kind.END)) {
      tokens.next();
    }
    return new Statement.Unsupported(tag.text(), tag.line());
  }
}
