package dev.jandaia.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What jinja2's compiler refuses or decides about a template as a whole: unknown filters and tests
 * (which it tolerates inside {@code if}, where they may never run), assignments to {@code loop},
 * {@code break} outside a loop, and which macros take {@code caller}, {@code varargs}, {@code
 * kwargs}.
 */
final class CompileChecks {
  private static final Set<String> SPECIALS = Set.of("caller", "varargs", "kwargs");

  private final List<TemplateError> unknown = new ArrayList<>();
  private final Deque<MacroBody> macros = new ArrayDeque<>();
  private final Set<String> blocks = new HashSet<>();
  private boolean conditional;
  private int loopsInFunction;
  private int loops;

  /** The special names that a macro body read, and those that it made its own. */
  private record MacroBody(Set<String> used, Set<String> own) {}

  void filter(String name, int line) {
    if (!conditional && !Filters.ALL.containsKey(name)) {
      unknown.add(new TemplateError("No filter named " + Repr.quote(name) + ".", line));
    }
  }

  void test(String name, int line) {
    if (!conditional && !Tests.ALL.containsKey(name)) {
      unknown.add(new TemplateError("No test named " + Repr.quote(name) + ".", line));
    }
  }

  int mark() {
    return unknown.size();
  }

  /** What was seen since {@code mark} turned out to be part of an inline {@code if}. */
  void conditionalSince(int mark) {
    unknown.subList(mark, unknown.size()).clear();
  }

  void finish() {
    if (!unknown.isEmpty()) {
      throw unknown.getFirst();
    }
  }

  /** Parses a part that may not run ({@code isConditional}), or one that opens a new frame. */
  <T> T within(boolean isConditional, Supplier<T> part) {
    boolean outer = conditional;
    conditional = isConditional;
    T parsed = part.get();
    conditional = outer;
    return parsed;
  }

  void load(String name) {
    if (SPECIALS.contains(name)) {
      macros.stream().filter(body -> !body.own.contains(name)).forEach(body -> body.used.add(name));
    }
  }

  void store(String name, int line) {
    if (loops > 0 && name.equals("loop")) {
      throw new TemplateError("Can't assign to special loop variable in for-loop target", line);
    }
    if (SPECIALS.contains(name)) {
      macros.forEach(body -> body.own.add(name));
    }
  }

  void block(String name, int line) {
    if (!blocks.add(name)) {
      throw new TemplateError("block " + Repr.quote(name) + " defined twice", line);
    }
  }

  /** A part of a loop that {@code break} does not leave: its target, test and {@code else}. */
  <T> T loopHead(Supplier<T> part) {
    loops++;
    T parsed = within(false, part);
    loops--;
    return parsed;
  }

  <T> T loop(Supplier<T> body) {
    loopsInFunction++;
    T parsed = loopHead(body);
    loopsInFunction--;
    return parsed;
  }

  void requireLoop(String tag, int line) {
    if (loopsInFunction == 0) {
      throw new TemplateError("'" + tag + "' outside loop", line);
    }
  }

  /** A macro's body, with the special names that it reads. */
  record Body(List<Statement> statements, List<String> specials, boolean readsCaller) {}

  Body function(List<String> parameters, Supplier<List<Statement>> body) {
    int outerLoops = loopsInFunction;
    loopsInFunction = 0;
    macros.push(new MacroBody(new HashSet<>(), new HashSet<>()));
    List<Statement> statements = within(false, body);
    Set<String> used = macros.pop().used;
    loopsInFunction = outerLoops;
    List<String> specials =
        SPECIALS.stream()
            .filter(used::contains)
            .filter(name -> !parameters.contains(name))
            .toList();
    return new Body(statements, specials, used.contains("caller"));
  }
}
