package dev.jandaia.checkpoint;

import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.text.TextArray;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;

/** Writes the primitive values of GGUF, little-endian. */
final class GgufOutput {
  private final CountingOutput out;

  GgufOutput(OutputStream out) {
    this.out = new CountingOutput(out);
  }

  CountingOutput stream() {
    return out;
  }

  void integer(long value, int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >>> 8 * i));
    }
  }

  void string(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    integer(bytes.length, 8);
    out.write(bytes);
  }

  void pair(String key, GgufValue value) throws IOException {
    string(key);
    integer((value.isArray() ? GgufType.ARRAY : value.type()).id(), 4);
    if (value.isArray()) {
      array(key, value);
    } else {
      scalar(key, value.type(), value.value());
    }
  }

  private void array(String key, GgufValue array) throws IOException {
    Object elements = array.value() instanceof TextArray texts ? texts.toArray() : array.value();
    integer(array.type().id(), 4);
    int length = Array.getLength(elements);
    integer(length, 8);
    for (int i = 0; i < length; i++) {
      Object element = Array.get(elements, i);
      if (element instanceof GgufValue nested) {
        array(key, nested);
      } else {
        scalar(key, array.type(), element);
      }
    }
  }

  private void scalar(String key, GgufType type, Object value) throws IOException {
    switch (type) {
      case STRING -> string((String) value);
      case BOOL -> integer((Boolean) value ? 1 : 0, 1);
      case FLOAT32 -> integer(Float.floatToRawIntBits(((Double) value).floatValue()), 4);
      case FLOAT64 -> integer(Double.doubleToRawLongBits((Double) value), 8);
      default -> integer(inRange(key, type, (Long) value), type.leastBytes());
    }
  }

  private static long inRange(String key, GgufType type, long value) {
    int bits = type.leastBytes() * 8;
    boolean fits =
        type.isUnsigned()
            ? value >= 0 && (bits == 64 || value >>> bits == 0)
            : bits == 64 || value == value << 64 - bits >> 64 - bits;
    if (!fits) {
      throw new JandaiaException(
          "metadata %s: expected a value that fits %s, found %d".formatted(key, type, value));
    }
    return value;
  }
}
