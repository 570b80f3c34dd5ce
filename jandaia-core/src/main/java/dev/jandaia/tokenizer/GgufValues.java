package dev.jandaia.tokenizer;

import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.text.TextArray;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Typed access to GGUF metadata, with errors that name the key. */
final class GgufValues {
  private final Map<String, Object> metadata;

  GgufValues(Map<String, Object> metadata) {
    this.metadata = metadata;
  }

  boolean has(String key) {
    return metadata.containsKey(key);
  }

  String string(String key) {
    return optionalString(key).orElseThrow(() -> wrong(key, "a string"));
  }

  Optional<String> optionalString(String key) {
    return switch (metadata.get(key)) {
      case null -> Optional.empty();
      case String string -> Optional.of(string);
      default -> throw wrong(key, "a string");
    };
  }

  TextArray strings(String key) {
    return switch (metadata.get(key)) {
      case TextArray strings -> strings;
      case String[] strings -> TextArray.of(List.of(strings));
      case null, default -> throw wrong(key, "an array of strings");
    };
  }

  boolean flag(String key, boolean otherwise) {
    return switch (metadata.get(key)) {
      case null -> otherwise;
      case Boolean flag -> flag;
      default -> throw wrong(key, "true or false");
    };
  }

  /** A token id; absent if the file has none or marks it as none by a number out of range. */
  OptionalInt id(String key, int vocabSize) {
    return switch (metadata.get(key)) {
      case null -> OptionalInt.empty();
      case Number id when id.longValue() >= 0 && id.longValue() < vocabSize ->
          OptionalInt.of(id.intValue());
      case Number none when none.longValue() == 0xFFFFFFFFL || none.longValue() == -1 ->
          OptionalInt.empty();
      default -> throw wrong(key, "a token id below " + vocabSize);
    };
  }

  /** One integer per token, or none at all. */
  long[] longs(String key, int length) {
    return switch (metadata.get(key)) {
      case null -> new long[0];
      case long[] numbers when numbers.length == length -> numbers;
      default -> throw wrong(key, "an array of " + length + " integers");
    };
  }

  /** One number per token. */
  float[] floats(String key, int length) {
    float[] result = new float[length];
    switch (metadata.get(key)) {
      case float[] numbers when numbers.length == length -> {
        return numbers;
      }
      case double[] numbers when numbers.length == length -> {
        for (int i = 0; i < length; i++) {
          result[i] = (float) numbers[i];
        }
      }
      case long[] numbers when numbers.length == length -> {
        for (int i = 0; i < length; i++) {
          result[i] = numbers[i];
        }
      }
      case null, default -> throw wrong(key, "an array of " + length + " numbers");
    }
    return result;
  }

  /** Raw bytes; none if the file has none. */
  byte[] bytes(String key) {
    switch (metadata.get(key)) {
      case null -> {
        return new byte[0];
      }
      case byte[] bytes -> {
        return bytes;
      }
      case long[] numbers -> {
        byte[] bytes = new byte[numbers.length];
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = (byte) numbers[i];
        }
        return bytes;
      }
      default -> throw wrong(key, "an array of bytes");
    }
  }

  private JandaiaException wrong(String key, String expected) {
    Object found = metadata.get(key);
    String shown =
        switch (found) {
          case null -> "nothing";
          case TextArray array -> array.size() + " strings";
          case String[] array -> array.length + " strings";
          case long[] array -> array.length + " integers";
          case float[] array -> array.length + " floats";
          case double[] array -> array.length + " floats";
          default -> Messages.shortened(found.toString());
        };
    return new JandaiaException(key + ": expected " + expected + ", found " + shown);
  }
}
