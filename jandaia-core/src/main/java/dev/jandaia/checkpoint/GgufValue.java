package dev.jandaia.checkpoint;

import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.text.TextArray;
import java.util.List;
import java.util.stream.Stream;

/**
 * A metadata value with the type that the file gives it, so that it can be written back unchanged.
 *
 * @param type the type of the value; of the elements when {@code isArray}
 * @param isArray whether this is an array of {@code type}
 * @param value {@code Long}, {@code Double}, {@code Boolean} or {@code String}; for arrays {@code
 *     long[]}, {@code double[]}, {@code boolean[]}, {@link TextArray}, or {@code GgufValue[]} when
 *     the elements are arrays
 */
public record GgufValue(GgufType type, boolean isArray, Object value) {

  public GgufValue {
    if (!expected(type, isArray).isInstance(value)) {
      throw new JandaiaException(
          "metadata value: expected %s for %s, found %s"
              .formatted(
                  expected(type, isArray).getSimpleName(), type, value.getClass().getSimpleName()));
    }
  }

  private static Class<?> expected(GgufType type, boolean isArray) {
    return switch (type) {
      case STRING -> isArray ? TextArray.class : String.class;
      case BOOL -> isArray ? boolean[].class : Boolean.class;
      case FLOAT32, FLOAT64 -> isArray ? double[].class : Double.class;
      case ARRAY -> isArray ? GgufValue[].class : GgufValue.class;
      default -> isArray ? long[].class : Long.class;
    };
  }

  /** A string. */
  public static GgufValue of(String value) {
    return new GgufValue(GgufType.STRING, false, value);
  }

  /** A bool. */
  public static GgufValue of(boolean value) {
    return new GgufValue(GgufType.BOOL, false, value);
  }

  /** An unsigned 32-bit integer, the kind that readers expect of counts and ids. */
  public static GgufValue u32(long value) {
    return new GgufValue(GgufType.UINT32, false, value);
  }

  /** A 32-bit float, the kind that readers expect of epsilons and scales. */
  public static GgufValue f32(double value) {
    return new GgufValue(GgufType.FLOAT32, false, value);
  }

  /** What readers expect of a count ({@code Long}), a scale ({@code Double}) or a text. */
  public static GgufValue usual(Object plain) {
    return switch (plain) {
      case Long number -> u32(number);
      case Double number -> f32(number);
      case Boolean flag -> of(flag);
      case long[] numbers -> i32s(numbers);
      case double[] numbers -> f32s(numbers);
      case boolean[] flags -> new GgufValue(GgufType.BOOL, true, flags);
      default -> of(plain.toString());
    };
  }

  /** An array of strings. */
  public static GgufValue strings(String... values) {
    return new GgufValue(GgufType.STRING, true, TextArray.of(List.of(values)));
  }

  /** An array of signed 32-bit integers. */
  public static GgufValue i32s(long... values) {
    return new GgufValue(GgufType.INT32, true, values);
  }

  /** An array of bytes. */
  public static GgufValue u8s(long... values) {
    return new GgufValue(GgufType.UINT8, true, values);
  }

  /** An array of 32-bit floats. */
  public static GgufValue f32s(double... values) {
    return new GgufValue(GgufType.FLOAT32, true, values);
  }

  /** The value without its file type; nested arrays become {@code Object[]}. */
  Object plain() {
    return value instanceof GgufValue[] nested
        ? Stream.of(nested).map(GgufValue::plain).toArray()
        : value;
  }
}
