package dev.jandaia.template;

import java.util.AbstractList;
import java.util.List;

/** {@code range(start, stop, step)}, never longer than {@link Budget#MAX_RANGE}. */
record Range(long start, long step, int size) implements Value {

  static Range of(long start, long stop, long step) {
    if (step == 0) {
      throw new TemplateError("range() arg 3 must not be zero");
    }
    // The span of two longs may not fit one.
    double span = ((double) stop - start) / step;
    double size = Math.max(0, Math.ceil(span));
    if (size > Budget.MAX_RANGE) {
      throw new TemplateError(
          "Range too big. The sandbox blocks ranges larger than MAX_RANGE (%d)."
              .formatted(Budget.MAX_RANGE));
    }
    return new Range(start, step, (int) size);
  }

  Value at(int index) {
    return Value.Int.of(start + index * step);
  }

  Range slice(SliceBounds bounds) {
    return new Range(start + bounds.start() * step, step * bounds.step(), bounds.size());
  }

  List<Value> items() {
    return new AbstractList<>() {
      @Override
      public Value get(int index) {
        return at(index);
      }

      @Override
      public int size() {
        return size;
      }
    };
  }
}
