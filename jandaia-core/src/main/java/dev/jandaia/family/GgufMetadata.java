package dev.jandaia.family;

import dev.jandaia.tensor.JandaiaException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Typed reading of the metadata of one architecture; keys are given without its prefix. */
final class GgufMetadata {
  private final GgufModel model;
  private final String architecture;

  GgufMetadata(GgufModel model, String architecture) {
    this.model = model;
    this.architecture = architecture;
  }

  String source() {
    return model.source();
  }

  boolean has(String key) {
    return model.metadata().containsKey(full(key));
  }

  boolean hasTensor(String name) {
    return model.shapes().containsKey(name);
  }

  /** An integer; an array of equal integers, one per layer, counts as one. */
  int integer(String key) {
    Object value = require(key, "an integer");
    if (value instanceof long[] perLayer
        && perLayer.length > 0
        && Arrays.stream(perLayer).allMatch(n -> n == perLayer[0])) {
      value = perLayer[0];
    }
    if (value instanceof Long number && number == number.intValue()) {
      return number.intValue();
    }
    throw bad(key, "an integer, the same for all layers", value);
  }

  int positive(String key) {
    int value = integer(key);
    if (value <= 0) {
      throw bad(key, "a positive integer");
    }
    return value;
  }

  /** One integer for each of {@code count} layers. */
  long[] integers(String key, int count) {
    Object value = require(key, "an integer for each layer");
    if (value instanceof long[] perLayer && perLayer.length == count) {
      return perLayer;
    }
    throw bad(key, count + " integers, one for each layer", value);
  }

  /** One integer for each of {@code count} layers, and perhaps for some beyond. */
  long[] atLeast(String key, int count) {
    Object value = require(key, "an integer for each layer");
    if (value instanceof long[] perLayer && perLayer.length >= count) {
      return perLayer;
    }
    throw bad(key, "at least " + count + " integers, one for each layer", value);
  }

  /** An integer for each of {@code count} layers, which may be one for all. */
  int[] perLayer(String key, int count) {
    if (require(key, "an integer").getClass() != long[].class) {
      int[] same = new int[count];
      Arrays.fill(same, integer(key));
      return same;
    }
    return Arrays.stream(integers(key, count)).mapToInt(Math::toIntExact).toArray();
  }

  /** A number for each of {@code count} layers, and perhaps for some beyond; or one for all. */
  double[] numbers(String key, int count) {
    Object value = require(key, "a number for each layer");
    if (value instanceof Double) {
      double[] same = new double[count];
      Arrays.fill(same, number(key));
      return same;
    }
    if (value instanceof double[] perLayer && perLayer.length >= count) {
      return Arrays.stream(perLayer).map(GgufMetadata::shortest).toArray();
    }
    throw bad(key, count + " numbers, one for each layer", value);
  }

  int integer(String key, int otherwise) {
    return has(key) ? integer(key) : otherwise;
  }

  /**
   * A number. A 32-bit float reads as the shortest decimal that rounds to it, so that 1e-6 is 1e-6.
   */
  double number(String key) {
    Object value = require(key, "a number");
    if (value instanceof Double number && Double.isFinite(number)) {
      return shortest(number);
    }
    if (value instanceof Long number) {
      return number;
    }
    throw bad(key, "a finite number", value);
  }

  private static double shortest(double number) {
    float single = (float) number;
    return single == number ? Double.parseDouble(Float.toString(single)) : number;
  }

  double number(String key, double otherwise) {
    return has(key) ? number(key) : otherwise;
  }

  boolean flag(String key, boolean otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    if (model.metadata().get(full(key)) instanceof Boolean flag) {
      return flag;
    }
    throw bad(key, "true or false", model.metadata().get(full(key)));
  }

  /** A list of flags; empty where the key is absent or holds something else. */
  Optional<boolean[]> flags(String key) {
    return model.metadata().get(full(key)) instanceof boolean[] flags
        ? Optional.of(flags)
        : Optional.empty();
  }

  /**
   * A flag for each of {@code count} layers, and perhaps for some beyond; empty without the key.
   */
  Optional<boolean[]> flags(String key, int count) {
    Optional<boolean[]> flags = flags(key);
    if (has(key) && (flags.isEmpty() || flags.get().length < count)) {
      throw bad(key, count + " flags, one for each layer");
    }
    return flags;
  }

  String text(String key, String otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    if (model.metadata().get(full(key)) instanceof String text) {
      return text;
    }
    throw bad(key, "a string", model.metadata().get(full(key)));
  }

  /** The values of a tensor that must be there. */
  float[] floats(String tensor) {
    return model
        .floats()
        .apply(tensor)
        .orElseThrow(() -> new JandaiaException(source() + ": " + tensor + ": cannot be read"));
  }

  /** Rows of a tensor that must be there. */
  int rows(String tensor) {
    List<Long> shape = model.shapes().get(tensor);
    if (shape == null) {
      throw new JandaiaException(source() + ": " + tensor + ": expected this tensor, found none");
    }
    return Math.toIntExact(shape.getFirst());
  }

  /** Fails if a key is there that would change the computation. */
  void requireAbsent(String... keys) {
    for (String key : keys) {
      if (has(key)) {
        throw bad(key, "no such key (it is not supported)", model.metadata().get(full(key)));
      }
    }
  }

  JandaiaException bad(String key, String expected) {
    return bad(key, expected, model.metadata().get(full(key)));
  }

  private Object require(String key, String expected) {
    Object value = model.metadata().get(full(key));
    if (value == null) {
      throw bad(key, expected, null);
    }
    return value;
  }

  private JandaiaException bad(String key, String expected, Object value) {
    String found =
        switch (value) {
          case null -> "nothing";
          case long[] numbers -> Arrays.toString(numbers);
          case double[] numbers -> Arrays.toString(numbers);
          case Object[] objects -> Arrays.toString(objects);
          default -> value.toString();
        };
    String shown = found.length() <= 60 ? found : found.substring(0, 57) + "...";
    return new JandaiaException(
        "%s: %s: expected %s, found %s".formatted(source(), full(key), expected, shown));
  }

  private String full(String key) {
    return architecture + "." + key;
  }

  /** Metadata without a model around it, for what an export would read back. */
  static Map<String, Object> rounded(Map<String, Object> metadata) {
    Map<String, Object> rounded = new LinkedHashMap<>(metadata);
    rounded.replaceAll((key, value) ->
        switch (value) {
          case Double number -> (double) (float) (double) number;
          case double[] numbers -> Arrays.stream(numbers).map(number -> (float) number).toArray();
          default -> value;
        });
    return rounded;
  }
}
