package dev.jandaia.template;

import dev.jandaia.template.Filters.Filter;
import dev.jandaia.template.Value.Dict;
import dev.jandaia.template.Value.DictView;
import dev.jandaia.template.Value.Int;
import dev.jandaia.template.Value.None;
import dev.jandaia.template.Value.Undefined;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;

/** Filters that take a sequence as a whole. */
final class SequenceFilters {
  static final Map<String, Filter> ALL =
      Map.ofEntries(
          Map.entry("length", SequenceFilters::length),
          Map.entry("count", SequenceFilters::length),
          Map.entry("first", SequenceFilters::first),
          Map.entry("last", SequenceFilters::last),
          Map.entry("random", SequenceFilters::random),
          Map.entry("list", (context, subject, arguments) -> list(context, subject)),
          Map.entry("join", SequenceFilters::join),
          Map.entry("reverse", SequenceFilters::reverse),
          Map.entry("items", SequenceFilters::items),
          Map.entry("sum", SequenceFilters::sum),
          Map.entry("batch", SequenceFilters::batch),
          Map.entry("slice", SequenceFilters::slice));

  private SequenceFilters() {}

  private static Value length(Context context, Value subject, Arguments arguments) {
    arguments.bind("length");
    return Int.of(Values.length(subject));
  }

  private static Value first(Context context, Value subject, Arguments arguments) {
    arguments.bind("first");
    Iterator<Value> items = Values.iterate(subject);
    return items.hasNext() ? items.next() : new Undefined("No first item, sequence was empty.");
  }

  private static Value last(Context context, Value subject, Arguments arguments) {
    arguments.bind("last");
    if (!Values.isSized(subject)) {
      throw new TemplateError("'%s' object is not reversible".formatted(Values.typeName(subject)));
    }
    if (subject instanceof Str str) {
      return str.length() == 0 ? empty() : Attributes.item(context, str, Int.of(-1));
    }
    List<Value> items = Values.collect(context, subject);
    return items.isEmpty() ? empty() : items.getLast();
  }

  private static Value empty() {
    return new Undefined("No last item, sequence was empty.");
  }

  private static Value random(Context context, Value subject, Arguments arguments) {
    arguments.bind("random");
    int size = Values.length(subject);
    return size == 0
        ? new Undefined("No random item, sequence was empty.")
        : Attributes.item(context, subject, Int.of(ThreadLocalRandom.current().nextInt(size)));
  }

  private static Value list(Context context, Value subject) {
    return context.list(Values.collect(context, subject));
  }

  private static Value join(Context context, Value subject, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("join", "d", "attribute");
    String separator = Repr.str(bound.get(0, Str.EMPTY));
    UnaryOperator<Value> part = AttributePath.of(context, bound.get(1, None.NONE));
    StringBuilder joined = new StringBuilder();
    Iterator<Value> items = Values.iterate(subject);
    for (boolean first = true; items.hasNext(); first = false) {
      String text = Repr.str(part.apply(items.next()));
      String before = first ? "" : separator;
      context.budget().append(joined.length(), before.length() + text.length());
      joined.append(before).append(text);
    }
    return new Str(joined.toString());
  }

  private static Value reverse(Context context, Value subject, Arguments arguments) {
    arguments.bind("reverse");
    if (subject instanceof Str str) {
      context.budget().text(str.text().length());
      return context.str(new StringBuilder(str.text()).reverse().toString(), str);
    }
    List<Value> items = Values.collect(context, subject);
    return subject instanceof Stream
        ? context.list(items.reversed())
        : Stream.reversed(items, Values.typeName(subject) + "_reverseiterator");
  }

  private static Value items(Context context, Value subject, Arguments arguments) {
    arguments.bind("items");
    return switch (subject) {
      case Undefined _ -> Stream.generator(Collections.emptyIterator(), subject);
      case Dict dict -> Stream.generator(DictView.pairs(dict).iterator(), subject);
      default -> throw new TemplateError("Can only get item pairs from a mapping.");
    };
  }

  private static Value sum(Context context, Value subject, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("sum", "attribute", "start");
    UnaryOperator<Value> part = AttributePath.of(context, bound.get(0, None.NONE));
    Value total = bound.get(1, Int.of(0));
    if (total instanceof Str) {
      throw new TemplateError("sum() can't sum strings [use ''.join(seq) instead]");
    }
    Iterator<Value> items = Values.iterate(subject);
    while (items.hasNext()) {
      context.budget().steps(1);
      total = Operators.apply(context, Operators.Binary.ADD, total, part.apply(items.next()));
    }
    return total;
  }

  /** Rows of {@code linecount} items, the last one filled up if {@code fill_with} is given. */
  private static Value batch(Context context, Value subject, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("batch", "linecount", "fill_with");
    int size = bound.integer(0);
    List<Value> rows = new ArrayList<>();
    List<Value> row = new ArrayList<>();
    for (Value item : Values.collect(context, subject)) {
      if (row.size() == size) {
        rows.add(context.list(row));
        row = new ArrayList<>();
      }
      row.add(item);
    }
    if (!row.isEmpty()) {
      int missing = bound.isSet(1) ? Math.max(0, size - row.size()) : 0;
      context.budget().elements(missing);
      row.addAll(Collections.nCopies(missing, bound.get(1, None.NONE)));
      rows.add(context.list(row));
    }
    return Stream.generator(rows.iterator(), subject);
  }

  /** {@code slices} columns as even as can be, the longer ones first. */
  private static Value slice(Context context, Value subject, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("slice", "slices", "fill_with");
    int slices = bound.integer(0);
    if (slices == 0) {
      throw new TemplateError("integer division or modulo by zero");
    }
    List<Value> items = Values.collect(context, subject);
    context.budget().elements(4L * Math.max(0, slices));
    List<Value> columns = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < slices; i++) {
      boolean longer = i < items.size() % slices;
      int to = from + items.size() / slices + (longer ? 1 : 0);
      List<Value> column = new ArrayList<>(items.subList(from, to));
      if (bound.isSet(1) && !longer) {
        column.add(bound.get(1));
      }
      columns.add(context.list(column));
      from = to;
    }
    return Stream.generator(columns.iterator(), subject);
  }
}
