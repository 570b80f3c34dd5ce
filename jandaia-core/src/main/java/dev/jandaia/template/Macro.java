package dev.jandaia.template;

import dev.jandaia.template.Statement.Signature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A macro, with the scope that it was defined in. */
record Macro(Signature signature, List<Statement> body, Scope closure, Interpreter interpreter)
    implements Callable {

  String name() {
    return signature.name();
  }

  @Override
  public Value call(Context context, Arguments arguments) {
    return interpreter.capture(body, bind(arguments));
  }

  /** The scope of one call: parameters, then the special names that the body reads. */
  private Scope bind(Arguments arguments) {
    Scope scope = closure.inner();
    Map<String, Value> named = new LinkedHashMap<>(arguments.named());
    List<Value> positional = arguments.positional();
    List<Optional<Value>> given = new ArrayList<>();
    for (Signature.Parameter parameter : signature.parameters()) {
      boolean byPosition = given.size() < positional.size();
      given.add(
          byPosition
              ? Optional.of(positional.get(given.size()))
              : Optional.ofNullable(named.remove(parameter.name())));
    }
    bindSpecials(scope, named, positional);
    for (int i = 0; i < given.size(); i++) {
      String parameter = signature.parameters().get(i).name();
      given.get(i).ifPresent(value -> scope.set(parameter, value));
    }
    // Only now: a default may refer to any parameter that was given.
    for (int i = 0; i < given.size(); i++) {
      Signature.Parameter parameter = signature.parameters().get(i);
      if (given.get(i).isEmpty()) {
        scope.set(parameter.name(), absent(parameter, scope));
      }
    }
    return scope;
  }

  private Value absent(Signature.Parameter parameter, Scope scope) {
    return parameter
        .defaultValue()
        .map(value -> interpreter.evaluator().evaluate(value, scope))
        .orElseGet(
            () -> new Undefined("parameter " + Repr.quote(parameter.name()) + " was not provided"));
  }

  private void bindSpecials(Scope scope, Map<String, Value> named, List<Value> positional) {
    int declared = signature.parameters().size();
    if (signature.specials().contains("caller")) {
      Value caller = named.remove("caller");
      scope.set("caller", caller != null ? caller : new Undefined("No caller defined"));
    }
    if (signature.specials().contains("kwargs")) {
      Map<Value, Value> rest = new LinkedHashMap<>();
      named.forEach((key, value) -> rest.put(new Str(key), value));
      scope.set("kwargs", new Dict(rest));
    } else if (!named.isEmpty()) {
      throw new TemplateError(
          "macro %s takes no keyword argument %s"
              .formatted(Repr.quote(name()), Repr.quote(named.keySet().iterator().next())));
    }
    if (signature.specials().contains("varargs")) {
      scope.set(
          "varargs",
          new Tuple(positional.subList(Math.min(declared, positional.size()), positional.size())));
    } else if (positional.size() > declared) {
      throw new TemplateError(
          "macro %s takes not more than %d argument(s)".formatted(Repr.quote(name()), declared));
    }
  }

  /** The attribute {@code attribute}, or null. */
  Value attribute(String attribute) {
    return switch (attribute) {
      case "name" -> new Str(name());
      case "arguments" ->
          new Tuple(signature.parameters().stream().<Value>map(p -> new Str(p.name())).toList());
      case "caller" -> Bool.of(signature.specials().contains("caller"));
      case "catch_kwargs" -> Bool.of(signature.specials().contains("kwargs"));
      case "catch_varargs" -> Bool.of(signature.specials().contains("varargs"));
      default -> null;
    };
  }
}
