package dev.jandaia.tokenizer;

import dev.jandaia.tensor.JandaiaException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A reader of one message in the protocol buffers wire format. */
final class Protobuf {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final String origin;
  private final ByteBuffer buffer;
  private int field;
  private int wireType;

  /** Reads {@code content}; {@code origin} names the file in errors. */
  Protobuf(String origin, ByteBuffer content) {
    this.origin = origin;
    this.buffer = content.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Moves to the next field; false at the end. The value must then be read or skipped. */
  boolean next() {
    if (!buffer.hasRemaining()) {
      return false;
    }
    long key = varint();
    field = (int) (key >>> 3);
    wireType = (int) (key & 7);
    if (field < 1) {
      throw broken("field number " + field);
    }
    return true;
  }

  int field() {
    return field;
  }

  int integer() {
    expect(VARINT);
    return (int) varint();
  }

  boolean flag() {
    return integer() != 0;
  }

  float number() {
    expect(FIXED32);
    return need(4).getFloat();
  }

  byte[] bytes() {
    ByteBuffer slice = slice();
    byte[] bytes = new byte[slice.remaining()];
    slice.get(bytes);
    return bytes;
  }

  String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  Protobuf message() {
    return new Protobuf(origin, slice());
  }

  void skip() {
    switch (wireType) {
      case VARINT -> varint();
      case FIXED64 -> advance(8);
      case BYTES -> slice();
      case FIXED32 -> advance(4);
      default -> throw broken("wire type " + wireType);
    }
  }

  private ByteBuffer slice() {
    expect(BYTES);
    long length = varint();
    if (length < 0 || length > buffer.remaining()) {
      throw broken("length " + length + " with " + buffer.remaining() + " bytes left");
    }
    ByteBuffer slice = buffer.slice(buffer.position(), (int) length);
    advance((int) length);
    return slice;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte b = need(1).get();
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw broken("an integer of more than 10 bytes");
  }

  private void advance(int bytes) {
    need(bytes).position(buffer.position() + bytes);
  }

  private ByteBuffer need(int bytes) {
    if (buffer.remaining() < bytes) {
      throw broken("its end inside a value");
    }
    return buffer;
  }

  private void expect(int type) {
    if (wireType != type) {
      throw broken("wire type " + wireType + " for field " + field + " instead of " + type);
    }
  }

  private JandaiaException broken(String found) {
    return new JandaiaException(origin + ": expected a SentencePiece model, found " + found);
  }
}
