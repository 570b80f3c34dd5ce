package dev.jandaia.template;

import dev.jandaia.template.Statement.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Where {@code set}, {@code for} and {@code with} store. */
final class TargetParser {
  private static final Set<String> CONSTANTS =
      Set.of("true", "false", "none", "True", "False", "None");

  private final Tokens tokens;
  private final CompileChecks checks;

  TargetParser(Tokens tokens, CompileChecks checks) {
    this.tokens = tokens;
    this.checks = checks;
  }

  /** A name, a dotted name of a namespace if allowed, or several: where {@code set} stores. */
  Target target(boolean withNamespace) {
    int line = tokens.line();
    List<Target> targets = new ArrayList<>();
    boolean isTuple = false;
    while (!tokens.atTupleEnd()) {
      targets.add(singleTarget(withNamespace));
      if (!tokens.skip(",")) {
        break;
      }
      isTuple = true;
    }
    if (targets.isEmpty()) {
      throw new TemplateError("Expected an expression, got " + tokens.current().describe(), line);
    }
    return isTuple ? new Target.Unpack(targets) : targets.getFirst();
  }

  private Target singleTarget(boolean withNamespace) {
    if (tokens.at("(")) {
      tokens.enter();
      tokens.next();
      Target inner = target(withNamespace);
      tokens.expect(")");
      tokens.leave();
      return inner;
    }
    Token name = tokens.expect(Token.Kind.NAME);
    if (CONSTANTS.contains(name.text())) {
      throw new TemplateError("can't assign to 'const'", name.line());
    }
    if (withNamespace && tokens.skip(".")) {
      checks.load(name.text());
      return new Target.Attribute(name.text(), tokens.expect(Token.Kind.NAME).text());
    }
    checks.store(name.text(), name.line());
    return new Target.Variable(name.text());
  }
}
