package dev.jandaia.tensor.block;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Little-endian access at any alignment. */
final class Bytes {
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Bytes() {}

  static int u8(MemorySegment bytes, long at) {
    return bytes.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
  }

  static int i8(MemorySegment bytes, long at) {
    return bytes.get(ValueLayout.JAVA_BYTE, at);
  }

  static int u16(MemorySegment bytes, long at) {
    return bytes.get(SHORT, at) & 0xFFFF;
  }

  static int i32(MemorySegment bytes, long at) {
    return bytes.get(INT, at);
  }

  /** A binary16 number. */
  static float half(MemorySegment bytes, long at) {
    return Float.float16ToFloat(bytes.get(SHORT, at));
  }

  static void putU8(MemorySegment bytes, long at, int value) {
    bytes.set(ValueLayout.JAVA_BYTE, at, (byte) value);
  }

  static void putU16(MemorySegment bytes, long at, int value) {
    bytes.set(SHORT, at, (short) value);
  }

  static void putI32(MemorySegment bytes, long at, int value) {
    bytes.set(INT, at, value);
  }
}
