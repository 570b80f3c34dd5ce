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
 */
public record ParameterSpec(String path, List<Integer> shape, boolean learned) {
  public ParameterSpec {
    shape = List.copyOf(shape);
  }

  /** Number of elements. */
  public long elements() {
    return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }
}
