package dev.jandaia.checkpoint;

import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.text.TextArray;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Reads little-endian values one after the other and never beyond the end of the file. */
final class GgufCursor {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Bytes of the window. */
  private static final int WINDOW = 1 << 16;

  private final FileBytes file;
  private final byte[] window = new byte[WINDOW];
  private long windowStart = -WINDOW;
  private long position;

  GgufCursor(FileBytes file) {
    this.file = file;
  }

  long position() {
    return position;
  }

  int u8(String field) {
    return file.bytes().get(ValueLayout.JAVA_BYTE, take(1, field)) & 0xFF;
  }

  int u16(String field) {
    return file.bytes().get(SHORT, take(2, field)) & 0xFFFF;
  }

  int i32(String field) {
    return file.bytes().get(INT, take(4, field));
  }

  /** Numbers one after the other, in one piece for the same reason as {@link #strings}. */
  int[] i32s(int count, String field) {
    int[] values = new int[count];
    long start = take(4L * count, field);
    MemorySegment.copy(file.bytes(), INT, start, values, 0, count);
    return values;
  }

  long i64(String field) {
    return file.bytes().get(LONG, take(8, field));
  }

  /** A 64-bit unsigned number that has to fit a {@code long}. */
  long u64(String field) {
    long value = i64(field);
    if (value < 0) {
      throw bad(field, "a number below 2^63", Long.toUnsignedString(value));
    }
    return value;
  }

  /** A count of things that take at least {@code leastBytes} each: never more than can be there. */
  int count(String field, int leastBytes, int most) {
    return count(i64(field), field, leastBytes, most);
  }

  private int count(long count, String field, int leastBytes, int most) {
    long limit = Math.min(most, (file.size() - position) / leastBytes);
    if (count < 0 || count > limit) {
      throw bad(field, "a count of at most " + limit, Long.toUnsignedString(count));
    }
    return (int) count;
  }

  String string(String field) {
    int length = count(field, 1, Integer.MAX_VALUE - 16);
    MemorySegment bytes = file.bytes().asSlice(take(length, field), length);
    return Text.utf8(bytes).orElseThrow(() -> bad(field, "UTF-8 text", "other bytes"));
  }

  /**
   * Strings one after the other, through a window of the file: there are 300,000 of them in a
   * start, which is over before the methods of memory segments are compiled.
   */
  TextArray strings(int count, String field) {
    byte[] bytes = new byte[8 * count];
    int[] ends = new int[count];
    int size = 0;
    for (int i = 0; i < count; i++) {
      int length = count(windowed64(field), field, 1, Integer.MAX_VALUE - 16 - size);
      if (length > bytes.length - size) {
        bytes = Arrays.copyOf(bytes, Math.max(size + length, (int) (1.5 * bytes.length)));
      }
      copyWindowed(length, field, bytes, size);
      if (!Text.isUtf8(bytes, size, size + length)) {
        throw bad(field, "UTF-8 text", "other bytes");
      }
      size += length;
      ends[i] = size;
    }
    return new TextArray(bytes, ends);
  }

  private long windowed64(String field) {
    int at = windowed(Long.BYTES, field);
    long value = 0;
    for (int i = Long.BYTES - 1; i >= 0; i--) {
      value = value << 8 | window[at + i] & 0xFF;
    }
    return value;
  }

  private void copyWindowed(int length, String field, byte[] to, int at) {
    if (length <= WINDOW) {
      System.arraycopy(window, windowed(length, field), to, at, length);
    } else {
      MemorySegment.copy(file.bytes(), ValueLayout.JAVA_BYTE, take(length, field), to, at, length);
    }
  }

  /** Takes bytes, and says where in the window they are. */
  private int windowed(int length, String field) {
    long start = take(length, field);
    if (start < windowStart || start + length > windowStart + WINDOW) {
      windowStart = start;
      int there = (int) Math.min(WINDOW, file.size() - start);
      MemorySegment.copy(file.bytes(), ValueLayout.JAVA_BYTE, start, window, 0, there);
    }
    return (int) (start - windowStart);
  }

  private long take(long bytes, String field) {
    long start = position;
    if (bytes > file.size() - start) {
      throw bad(
          field, "%d bytes at offset %d".formatted(bytes, start), "the end at " + file.size());
    }
    position += bytes;
    return start;
  }

  JandaiaException bad(String field, String expected, Object found) {
    return new JandaiaException(
        "%s: %s: expected %s, found %s".formatted(file.origin(), field, expected, found));
  }
}
