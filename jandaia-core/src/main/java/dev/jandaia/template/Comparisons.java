package dev.jandaia.template;

import dev.jandaia.template.Value.Dict;
import dev.jandaia.template.Value.DictView;
import dev.jandaia.template.Value.ListValue;
import dev.jandaia.template.Value.Num;
import dev.jandaia.template.Value.Tuple;
import dev.jandaia.template.Value.Undefined;
import java.util.Iterator;
import java.util.List;

/** Python's {@code ==}, {@code in} and order. */
final class Comparisons {
  private Comparisons() {}

  static boolean equal(Context context, Value left, Value right) {
    context.budget().steps(Math.min(left.shape().weight(), right.shape().weight()));
    return left.equals(right);
  }

  /** Python's {@code needle in haystack}. */
  static boolean contains(Context context, Value haystack, Value needle) {
    if (!(haystack instanceof Dict)) {
      context.budget().steps(haystack.shape().weight());
    }
    return switch (haystack) {
      case Str text when needle instanceof Str part -> text.text().contains(part.text());
      case Str _ ->
          throw new TemplateError(
              "'in <string>' requires string as left operand, not " + Values.typeName(needle));
      case Dict dict -> dict.entries().containsKey(Values.hashable(context, needle));
      case DictView view -> view.items().contains(needle);
      case ListValue list -> list.items().contains(needle);
      case Tuple tuple -> tuple.items().contains(needle);
      default -> scan(context, haystack, needle);
    };
  }

  private static boolean scan(Context context, Value haystack, Value needle) {
    if (!Values.isIterable(haystack)) {
      throw new TemplateError(
          "argument of type '%s' is not iterable".formatted(Values.typeName(haystack)));
    }
    Iterator<Value> items = Values.iterate(haystack);
    while (items.hasNext()) {
      if (equal(context, items.next(), needle)) {
        return true;
      }
    }
    return false;
  }

  /** Whether {@code left < right}, or {@code left <= right} if {@code orEqual}. */
  static boolean less(Context context, Value left, Value right, boolean orEqual) {
    return less(context, left, right, orEqual, orEqual ? "<=" : "<");
  }

  /**
   * @param symbol the operator as the template wrote it, for the error
   */
  static boolean less(Context context, Value left, Value right, boolean orEqual, String symbol) {
    if (left instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (right instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (left instanceof Num a && right instanceof Num b) {
      boolean nan = Numbers.isNan(a) || Numbers.isNan(b);
      return !nan && Numbers.compare(a, b) < (orEqual ? 1 : 0);
    }
    if (left instanceof Str a && right instanceof Str b) {
      return Characters.compare(a.text(), b.text()) < (orEqual ? 1 : 0);
    }
    if (left instanceof ListValue a && right instanceof ListValue b) {
      return sequenceLess(context, a.items(), b.items(), orEqual, symbol);
    }
    if (left instanceof Tuple a && right instanceof Tuple b) {
      return sequenceLess(context, a.items(), b.items(), orEqual, symbol);
    }
    boolean swapped = symbol.startsWith(">");
    throw new TemplateError(
        "'%s' not supported between instances of '%s' and '%s'"
            .formatted(
                symbol,
                Values.typeName(swapped ? right : left),
                Values.typeName(swapped ? left : right)));
  }

  /** Whether {@code left > right}, or {@code left >= right} if {@code orEqual}. */
  @SuppressWarnings("ArgumentSelectionDefectChecker") // left > right is right < left
  static boolean greater(Context context, Value left, Value right, boolean orEqual) {
    return less(context, right, left, orEqual, orEqual ? ">=" : ">");
  }

  private static boolean sequenceLess(
      Context context, List<Value> a, List<Value> b, boolean orEqual, String symbol) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      if (!equal(context, a.get(i), b.get(i))) {
        return less(context, a.get(i), b.get(i), orEqual, symbol);
      }
    }
    return a.size() < b.size() || orEqual && a.size() == b.size();
  }

  /** Order of two values for sorting; fails where Python's {@code <} would. */
  static int compare(Context context, Value left, Value right) {
    context.budget().steps(Math.min(left.shape().weight(), right.shape().weight()));
    if (less(context, left, right, false)) {
      return -1;
    }
    return less(context, right, left, false) ? 1 : 0;
  }
}
