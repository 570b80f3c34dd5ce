package dev.jandaia.template;

import java.util.HashMap;
import java.util.Map;

/** The filters by name. */
final class Filters {
  static final Map<String, Filter> ALL = all();

  /** {@code subject | name(arguments)}. */
  interface Filter {
    Value apply(Context context, Value subject, Arguments arguments);
  }

  private Filters() {}

  private static Map<String, Filter> all() {
    Map<String, Filter> filters = new HashMap<>();
    filters.putAll(TextFilters.ALL);
    filters.putAll(NumberFilters.ALL);
    filters.putAll(SequenceFilters.ALL);
    filters.putAll(OrderFilters.ALL);
    filters.putAll(SelectFilters.ALL);
    filters.put("tojson", JsonText::filter);
    filters.put("default", Filters::defaultTo);
    filters.put("d", Filters::defaultTo);
    filters.put("attr", Filters::attribute);
    return Map.copyOf(filters);
  }

  static Value apply(Context context, String name, Value subject, Arguments arguments) {
    Filter filter = ALL.get(name);
    if (filter == null) {
      throw new TemplateError("No filter named " + Repr.quote(name) + ".");
    }
    return filter.apply(context, subject, arguments);
  }

  private static Value defaultTo(Context context, Value subject, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("default", "default_value", "boolean");
    boolean replace =
        subject instanceof Value.Undefined || bound.truth(1, false) && !Values.truth(subject);
    return replace ? bound.get(0, Str.EMPTY) : subject;
  }

  private static Value attribute(Context context, Value subject, Arguments arguments) {
    return Attributes.memberOnly(subject, arguments.bind("attr", "name").text(0));
  }
}
