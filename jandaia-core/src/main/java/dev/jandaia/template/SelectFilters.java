package dev.jandaia.template;

import dev.jandaia.template.Filters.Filter;
import dev.jandaia.template.Value.None;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** {@code map}, {@code select} and {@code reject}: lazy, like Python's generators. */
final class SelectFilters {
  static final Map<String, Filter> ALL =
      Map.of(
          "map", SelectFilters::map,
          "select", (context, subject, arguments) -> pick(context, subject, arguments, 0, true),
          "reject", (context, subject, arguments) -> pick(context, subject, arguments, 0, false),
          "selectattr", (context, subject, arguments) -> pick(context, subject, arguments, 1, true),
          "rejectattr",
              (context, subject, arguments) -> pick(context, subject, arguments, 1, false));

  private SelectFilters() {}

  private static Value map(Context context, Value subject, Arguments arguments) {
    if (!Values.truth(subject)) {
      return Stream.generator(Collections.emptyIterator(), subject);
    }
    UnaryOperator<Value> change = change(context, arguments);
    Iterator<Value> items = Values.iterate(subject);
    Iterator<Value> changed =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return items.hasNext();
          }

          @Override
          public Value next() {
            context.budget().steps(1);
            return change.apply(items.next());
          }
        };
    return Stream.generator(changed, subject);
  }

  private static UnaryOperator<Value> change(Context context, Arguments arguments) {
    List<Value> positional = arguments.positional();
    if (positional.isEmpty() && arguments.named().containsKey("attribute")) {
      Arguments.Bound bound = arguments.bind("map", "attribute", "default");
      return AttributePath.of(context, bound.get(0), bound.get(1, None.NONE));
    }
    if (positional.isEmpty()) {
      throw new TemplateError("map requires a filter argument");
    }
    String filter = Repr.str(positional.getFirst());
    Arguments rest = new Arguments(positional.subList(1, positional.size()), arguments.named());
    return item -> Filters.apply(context, filter, item, rest);
  }

  /**
   * @param skip how many arguments name an attribute to test instead of the element
   */
  private static Value pick(
      Context context, Value subject, Arguments arguments, int skip, boolean wanted) {
    if (!Values.truth(subject)) {
      return Stream.generator(Collections.emptyIterator(), subject);
    }
    List<Value> positional = arguments.positional();
    if (positional.size() < skip) {
      throw new TemplateError("Missing parameter for attribute name");
    }
    UnaryOperator<Value> lookup =
        AttributePath.of(context, skip == 0 ? None.NONE : positional.getFirst());
    Predicate<Value> test = test(context, arguments, skip);
    return Stream.generator(
        new FilteredIterator(
            Values.iterate(subject),
            item -> {
              context.budget().steps(1);
              return test.test(lookup.apply(item)) == wanted;
            }),
        subject);
  }

  private static Predicate<Value> test(Context context, Arguments arguments, int skip) {
    List<Value> positional = arguments.positional();
    if (positional.size() == skip) {
      return Values::truth;
    }
    String test = Repr.str(positional.get(skip));
    Arguments rest =
        new Arguments(positional.subList(skip + 1, positional.size()), arguments.named());
    return value -> Values.truth(Tests.apply(context, test, value, rest));
  }
}
