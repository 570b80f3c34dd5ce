package dev.jandaia.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the key-value section of a GGUF file. */
final class GgufMetadataReader {
  private static final int LEAST_PAIR_BYTES = 8 + 4 + 1;
  private static final int DEEPEST_ARRAY = 8;
  // Small integers take eight times their file size in memory; no vocabulary comes near this.
  private static final int LONGEST_ARRAY = 1 << 26;

  private final GgufCursor cursor;

  private GgufMetadataReader(GgufCursor cursor) {
    this.cursor = cursor;
  }

  static int pairCount(GgufCursor cursor) {
    return cursor.count("metadata count", LEAST_PAIR_BYTES, Integer.MAX_VALUE);
  }

  static Map<String, GgufValue> read(GgufCursor cursor, int pairs) {
    GgufMetadataReader reader = new GgufMetadataReader(cursor);
    Map<String, GgufValue> metadata = new LinkedHashMap<>();
    for (int i = 0; i < pairs; i++) {
      String key = cursor.string("metadata key " + i);
      String field = "metadata " + Text.quote(key);
      if (metadata.put(key, reader.value(field)) != null) {
        throw cursor.bad(field, "one value", "two");
      }
    }
    return metadata;
  }

  private GgufValue value(String field) {
    GgufType type = type(field);
    return type == GgufType.ARRAY
        ? array(field, 1)
        : new GgufValue(type, false, scalar(type, field));
  }

  private GgufType type(String field) {
    int id = cursor.i32(field + " type");
    return GgufType.of(id)
        .orElseThrow(
            () -> cursor.bad(field + " type", "0 to " + (GgufType.values().length - 1), id));
  }

  private Object scalar(GgufType type, String field) {
    return switch (type) {
      case STRING -> cursor.string(field);
      case BOOL -> bool(field);
      case FLOAT32, FLOAT64 -> floating(type, field);
      default -> integer(type, field);
    };
  }

  private boolean bool(String field) {
    int value = cursor.u8(field);
    if (value > 1) {
      throw cursor.bad(field, "a bool, 0 or 1", value);
    }
    return value == 1;
  }

  private double floating(GgufType type, String field) {
    return type == GgufType.FLOAT32
        ? Float.intBitsToFloat(cursor.i32(field))
        : Double.longBitsToDouble(cursor.i64(field));
  }

  private long integer(GgufType type, String field) {
    return switch (type) {
      case UINT8 -> cursor.u8(field);
      case INT8 -> (byte) cursor.u8(field);
      case UINT16 -> cursor.u16(field);
      case INT16 -> (short) cursor.u16(field);
      case UINT32 -> Integer.toUnsignedLong(cursor.i32(field));
      case INT32 -> cursor.i32(field);
      case UINT64 -> cursor.u64(field);
      case INT64 -> cursor.i64(field);
      default -> throw new IllegalArgumentException(type + " is no integer");
    };
  }

  private GgufValue array(String field, int depth) {
    if (depth > DEEPEST_ARRAY) {
      throw cursor.bad(field, "arrays nested at most " + DEEPEST_ARRAY + " deep", "deeper");
    }
    GgufType type = type(field);
    int count = cursor.count(field + " length", type.leastBytes(), LONGEST_ARRAY);
    return new GgufValue(type, true, elements(type, count, field, depth));
  }

  private Object elements(GgufType type, int count, String field, int depth) {
    return switch (type) {
      case STRING -> cursor.strings(count, field);
      case BOOL -> bools(count, field);
      case FLOAT32, FLOAT64 -> floats(type, count, field);
      case ARRAY -> arrays(count, field, depth + 1);
      default -> integers(type, count, field);
    };
  }

  private boolean[] bools(int count, String field) {
    boolean[] values = new boolean[count];
    for (int i = 0; i < count; i++) {
      values[i] = bool(field);
    }
    return values;
  }

  private double[] floats(GgufType type, int count, String field) {
    double[] values = new double[count];
    if (type == GgufType.FLOAT32) {
      int[] bits = cursor.i32s(count, field);
      for (int i = 0; i < count; i++) {
        values[i] = Float.intBitsToFloat(bits[i]);
      }
    } else {
      for (int i = 0; i < count; i++) {
        values[i] = floating(type, field);
      }
    }
    return values;
  }

  private long[] integers(GgufType type, int count, String field) {
    long[] values = new long[count];
    if (type == GgufType.INT32) {
      int[] numbers = cursor.i32s(count, field);
      for (int i = 0; i < count; i++) {
        values[i] = numbers[i];
      }
    } else {
      for (int i = 0; i < count; i++) {
        values[i] = integer(type, field);
      }
    }
    return values;
  }

  private GgufValue[] arrays(int count, String field, int depth) {
    GgufValue[] values = new GgufValue[count];
    for (int i = 0; i < count; i++) {
      values[i] = array(field, depth);
    }
    return values;
  }
}
