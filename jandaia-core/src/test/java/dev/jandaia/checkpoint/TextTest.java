package dev.jandaia.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextTest {
  private static boolean isDecoded(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static void check(byte[] bytes) {
    assertEquals(
        isDecoded(bytes),
        Text.isUtf8(bytes, 0, bytes.length),
        () -> HexFormat.of().formatHex(bytes));
  }

  /** Every sequence of two bytes, and longer ones of bytes that begin or continue characters. */
  @Test
  void wellFormedIsWhatTheDecoderOfTheJdkTakes() {
    for (int i = 0; i < 1 << 16; i++) {
      check(new byte[] {(byte) (i >> 8), (byte) i});
    }
    Random random = new Random(1);
    byte[] telling = HexFormat.of().parseHex("417f808f909fa0bfc0c1c2dfe0edeeeff0f4f5f8ff");
    int wellFormed = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[3 + i % 3];
      for (int j = 0; j < bytes.length; j++) {
        bytes[j] = telling[random.nextInt(telling.length)];
      }
      check(bytes);
      wellFormed += isDecoded(bytes) ? 1 : 0;
    }
    assertTrue(wellFormed > 1000, wellFormed + " of them are text");
  }

  @Test
  void onlyTheAskedBytesCount() {
    byte[] bytes = "aé".getBytes(StandardCharsets.UTF_8);
    assertTrue(Text.isUtf8(bytes, 1, 3));
    assertTrue(!Text.isUtf8(bytes, 0, 2));
  }
}
