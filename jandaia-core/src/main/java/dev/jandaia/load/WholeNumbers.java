package dev.jandaia.load;

import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Reads tensors of whole numbers. */
final class WholeNumbers {
  private WholeNumbers() {}

  /**
   * The first {@code count} elements.
   *
   * @param limit all must be from 0 to limit − 1
   * @throws JandaiaException if the type is not I32 or I64, or an element is out of range
   */
  static int[] read(Tensor tensor, int count, int limit) {
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      long value = at(tensor, i);
      if (value < 0 || value >= limit) {
        throw new JandaiaException(
            "tensor %s, element %d: expected a number from 0 to %d, found %d"
                .formatted(tensor.name(), i, limit - 1, value));
      }
      values[i] = (int) value;
    }
    return values;
  }

  private static long at(Tensor tensor, long index) {
    MemorySegment data = tensor.data();
    return switch (tensor.dtype()) {
      case I64 -> data.get(ValueLayout.JAVA_LONG_UNALIGNED, index * Long.BYTES);
      case I32 -> data.get(ValueLayout.JAVA_INT_UNALIGNED, index * Integer.BYTES);
      default ->
          throw new JandaiaException(
              "tensor %s: expected I64 or I32, found %s".formatted(tensor.name(), tensor.dtype()));
    };
  }
}
