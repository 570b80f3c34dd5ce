package dev.jandaia.template;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Which indices {@code [start:stop:step]} selects of a sequence, by Python's rules. */
record SliceBounds(int start, int step, int size) {

  static SliceBounds of(int length, Value start, Value stop, Value step) {
    long stride = step == Value.None.NONE ? 1 : index(step);
    if (stride == 0) {
      throw new TemplateError("slice step cannot be zero");
    }
    long lowest = stride > 0 ? 0 : -1;
    long highest = stride > 0 ? length : length - 1L;
    long from = bound(start, stride > 0 ? lowest : highest, lowest, highest, length);
    long to = bound(stop, stride > 0 ? highest : lowest, lowest, highest, length);
    long size = stride > 0 ? (to - from + stride - 1) / stride : (from - to - stride - 1) / -stride;
    return new SliceBounds(
        (int) from, (int) Math.clamp(stride, -length - 1L, length + 1L), (int) Math.max(0, size));
  }

  private static long bound(Value value, long absent, long lowest, long highest, int length) {
    if (value == Value.None.NONE) {
      return absent;
    }
    long index = index(value);
    return Math.clamp(index < 0 ? index + length : index, lowest, highest);
  }

  private static long index(Value value) {
    if (!(value instanceof Value.Num number) || value instanceof Value.Float) {
      throw new TemplateError("slice indices must be integers or None or have an __index__ method");
    }
    // Far beyond any length, and safe to add to.
    return Math.clamp(Numbers.saturated(number), -(1L << 40), 1L << 40);
  }

  <T> List<T> select(IntFunction<T> element) {
    List<T> selected = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      selected.add(element.apply(start + i * step));
    }
    return selected;
  }
}
