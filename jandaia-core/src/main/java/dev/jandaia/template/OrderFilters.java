package dev.jandaia.template;

import dev.jandaia.template.Filters.Filter;
import dev.jandaia.template.Value.Dict;
import dev.jandaia.template.Value.DictView;
import dev.jandaia.template.Value.ListValue;
import dev.jandaia.template.Value.None;
import dev.jandaia.template.Value.Tuple;
import dev.jandaia.template.Value.Undefined;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Filters that compare elements: sorting, extremes, duplicates and groups. */
final class OrderFilters {
  static final Map<String, Filter> ALL =
      Map.of(
          "sort", OrderFilters::sort,
          "dictsort", OrderFilters::dictSort,
          "min", (context, subject, arguments) -> extreme(context, subject, arguments, -1),
          "max", (context, subject, arguments) -> extreme(context, subject, arguments, 1),
          "unique", OrderFilters::unique,
          "groupby", OrderFilters::groupBy);

  private OrderFilters() {}

  /** An element beside what it is compared by. */
  private record Keyed(Value key, Value element) {}

  private static List<Keyed> keyed(List<Value> elements, UnaryOperator<Value> key) {
    List<Keyed> keyed = new ArrayList<>(elements.size());
    elements.forEach(element -> keyed.add(new Keyed(key.apply(element), element)));
    return keyed;
  }

  private static void order(Context context, List<Keyed> keyed, boolean descending) {
    try {
      keyed.sort((a, b) ->
          descending
              ? Comparisons.compare(context, b.key(), a.key())
              : Comparisons.compare(context, a.key(), b.key()));
    } catch (IllegalArgumentException e) {
      throw new TemplateError("the elements have no consistent order");
    }
  }

  private static UnaryOperator<Value> folding(
      Context context, boolean caseSensitive, UnaryOperator<Value> lookup) {
    return caseSensitive
        ? lookup
        : element -> AttributePath.ignoreCase(context, lookup.apply(element));
  }

  private static List<Value> elements(List<Keyed> keyed) {
    return keyed.stream().map(Keyed::element).toList();
  }

  private static Value sort(Context context, Value subject, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("sort", "reverse", "case_sensitive", "attribute");
    List<UnaryOperator<Value>> lookups =
        AttributePath.each(context, bound.get(2, None.NONE)).stream()
            .map(lookup -> folding(context, bound.truth(1, false), lookup))
            .toList();
    List<Keyed> keyed =
        keyed(
            Values.collect(context, subject),
            element ->
                new ListValue(lookups.stream().map(lookup -> lookup.apply(element)).toList()));
    order(context, keyed, bound.truth(0, false));
    return context.list(elements(keyed));
  }

  private static Value dictSort(Context context, Value subject, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("dictsort", "case_sensitive", "by", "reverse");
    String by = bound.text(1, "key");
    if (!by.equals("key") && !by.equals("value")) {
      throw new TemplateError("You can only sort by either \"key\" or \"value\"");
    }
    if (!(subject instanceof Dict dict)) {
      throw subject instanceof Undefined undefined
          ? undefined.error()
          : new TemplateError("dictsort needs a mapping, not " + Values.typeName(subject));
    }
    int position = by.equals("key") ? 0 : 1;
    UnaryOperator<Value> part = pair -> ((Tuple) pair).items().get(position);
    List<Keyed> keyed = keyed(DictView.pairs(dict), folding(context, bound.truth(0, false), part));
    order(context, keyed, bound.truth(2, false));
    return context.list(elements(keyed));
  }

  private static Value extreme(Context context, Value subject, Arguments arguments, int wanted) {
    Arguments.Bound bound =
        arguments.bind(wanted < 0 ? "min" : "max", "case_sensitive", "attribute");
    UnaryOperator<Value> key =
        folding(context, bound.truth(0, false), AttributePath.of(context, bound.get(1, None.NONE)));
    List<Value> items = Values.collect(context, subject);
    if (items.isEmpty()) {
      return new Undefined("No aggregated item, sequence was empty.");
    }
    Keyed best = new Keyed(key.apply(items.getFirst()), items.getFirst());
    for (Value item : items.subList(1, items.size())) {
      Keyed next = new Keyed(key.apply(item), item);
      boolean better =
          wanted < 0
              ? Comparisons.less(context, next.key(), best.key(), false)
              : Comparisons.greater(context, next.key(), best.key(), false);
      best = better ? next : best;
    }
    return best.element();
  }

  private static Value unique(Context context, Value subject, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("unique", "case_sensitive", "attribute");
    UnaryOperator<Value> key =
        folding(context, bound.truth(0, false), AttributePath.of(context, bound.get(1, None.NONE)));
    Set<Value> seen = new HashSet<>();
    Iterator<Value> items = Values.iterate(subject);
    return Stream.generator(
        new FilteredIterator(
            items,
            item -> {
              context.budget().elements(2);
              return seen.add(Values.hashable(context, key.apply(item)));
            }),
        subject);
  }

  /** Groups of equal keys in order of the keys; a group is named by its first element's key. */
  private static Value groupBy(Context context, Value subject, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("groupby", "attribute", "default", "case_sensitive");
    UnaryOperator<Value> lookup = AttributePath.of(context, bound.get(0), bound.get(1, None.NONE));
    List<Keyed> keyed =
        keyed(Values.collect(context, subject), folding(context, bound.truth(2, false), lookup));
    order(context, keyed, false);
    List<Value> groups = new ArrayList<>();
    for (int start = 0, end; start < keyed.size(); start = end) {
      end = start + 1;
      while (end < keyed.size()
          && Comparisons.equal(context, keyed.get(end).key(), keyed.get(start).key())) {
        end++;
      }
      Value name = lookup.apply(keyed.get(start).element());
      Value members = context.list(elements(keyed.subList(start, end)));
      groups.add(new Tuple(List.of(name, members), List.of("grouper", "list")));
    }
    return context.list(groups);
  }
}
