package dev.jandaia.spec.count;

import java.util.List;

/**
 * One parameter of a model.
 *
 * @param path its name, from the outside in: {@code blocks.3.mixer.query.weight}
 * @param shape [outputs, inputs] of a matrix, [n] of a vector, [rows, columns] of a table
 * @param learned whether it follows a gradient; false for values that a rule adjusts during
 *     training (DeepSeek-V3's correction bias), and for tables of whole numbers, which published
 *     parameter counts leave out
 * @param zeroCentred whether it is the weight w of a norm whose gain is 1 + w, so that zero leaves
 *     the norm at the identity
 */
public record ParameterSpec(
    String path, List<Integer> shape, boolean learned, boolean zeroCentred) {
  public ParameterSpec {
    shape = List.copyOf(shape);
  }

  /** The same under another path. */
  public ParameterSpec at(String other) {
    return new ParameterSpec(other, shape, learned, zeroCentred);
  }

  /** Whether it is a table of whole numbers: a matrix that follows no gradient. */
  public boolean isTable() {
    return !learned && shape.size() == 2;
  }

  /** Number of elements. */
  public long elements() {
    return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }
}
