package dev.jandaia.template;

import dev.jandaia.template.Attributes.Method;
import dev.jandaia.template.Value.Dict;
import dev.jandaia.template.Value.DictView;
import dev.jandaia.template.Value.Int;
import dev.jandaia.template.Value.ListValue;
import dev.jandaia.template.Value.None;
import dev.jandaia.template.Value.Tuple;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The methods of dicts, lists and tuples that change nothing. */
final class ContainerMethods {
  static final Map<String, Method<Dict>> DICT =
      Map.of(
          "get",
          ContainerMethods::get,
          "keys",
          view(DictView.Kind.KEYS),
          "values",
          view(DictView.Kind.VALUES),
          "items",
          view(DictView.Kind.ITEMS),
          "copy",
          (context, dict, arguments) -> dict,
          "fromkeys",
          ContainerMethods::fromKeys);

  static final Map<String, Method<ListValue>> LIST =
      Map.of(
          "index", (context, list, arguments) -> index(context, list.items(), arguments),
          "count", (context, list, arguments) -> count(context, list.items(), arguments),
          "copy", (context, list, arguments) -> list);

  static final Map<String, Method<Tuple>> TUPLE =
      Map.of(
          "index", (context, tuple, arguments) -> index(context, tuple.items(), arguments),
          "count", (context, tuple, arguments) -> count(context, tuple.items(), arguments));

  private ContainerMethods() {}

  private static Method<Dict> view(DictView.Kind kind) {
    return (context, dict, arguments) -> {
      arguments.bind(Characters.lower(kind.name()));
      context.budget().elements(dict.entries().size());
      return DictView.of(kind, dict);
    };
  }

  private static Value get(Context context, Dict dict, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("get", "key", "default");
    Value key = Values.hashable(context, bound.get(0));
    return dict.entries().getOrDefault(key, bound.get(1, None.NONE));
  }

  private static Value fromKeys(Context context, Dict dict, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("fromkeys", "iterable", "value");
    Map<Value, Value> entries = new LinkedHashMap<>();
    for (Value key : Values.collect(context, bound.get(0))) {
      entries.put(Values.hashable(context, key), bound.get(1, None.NONE));
    }
    return context.dict(entries);
  }

  static Value index(Context context, List<Value> items, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("index", "value", "start", "stop");
    SliceBounds range =
        SliceBounds.of(items.size(), bound.get(1, None.NONE), bound.get(2, None.NONE), None.NONE);
    for (int i = range.start(); i < range.start() + range.size(); i++) {
      if (Comparisons.equal(context, items.get(i), bound.get(0))) {
        return Int.of(i);
      }
    }
    throw new TemplateError(Repr.repr(bound.get(0)) + " is not in list");
  }

  static Value count(Context context, List<Value> items, Arguments arguments) {
    Value wanted = arguments.bind("count", "value").get(0);
    return Int.of(items.stream().filter(item -> Comparisons.equal(context, item, wanted)).count());
  }
}
