package dev.jandaia.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class StreamingDecoderTest {
  private static final StreamingDecoder BYTES = new StreamingDecoder(id -> new byte[] {(byte) id});

  @Test
  void aCharacterAppearsWhenItIsComplete() {
    assertEquals("", BYTES.accept(0xF0));
    assertEquals("", BYTES.accept(0x9F));
    assertEquals("", BYTES.accept(0xA6));
    assertEquals("🦜", BYTES.accept(0x9C));
    assertEquals("", BYTES.flush());
  }

  /** The expected texts are those of Python's {@code bytes.decode(errors="replace")}. */
  @ParameterizedTest
  @CsvSource({
    "41F09F42, A\uFFFDB",
    "E28281E282, \u2081\uFFFD",
    "C080, \uFFFD\uFFFD",
    "EDA080, \uFFFD\uFFFD\uFFFD",
    "F08080, \uFFFD\uFFFD\uFFFD",
    "F48FBFBF, \uDBFF\uDFFF",
    "F4908080, \uFFFD\uFFFD\uFFFD\uFFFD",
    "E0A0F09F8080, \uFFFD\uD83C\uDC00",
    "FF8041, \uFFFD\uFFFDA",
  })
  void illFormedBytesBecomeReplacements(String hex, String expected) {
    StringBuilder text = new StringBuilder();
    for (byte b : HexFormat.of().parseHex(hex)) {
      text.append(BYTES.accept(b));
    }
    assertEquals(expected, text.append(BYTES.flush()).toString());
  }

  /** Each row: bytes in hexadecimal, and the text that Python makes of them as a JSON string. */
  @Test
  void randomBytesDecodeAsPythonDecodesThem() throws IOException {
    int rows = 0;
    try (InputStream in = StreamingDecoderTest.class.getResourceAsStream("/tokenizers/utf8.tsv")) {
      String table = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      for (String row : table.lines().toList()) {
        String[] cells = row.split("\t", -1);
        byte[] bytes = HexFormat.of().parseHex(cells[0]);
        String text = BYTES.accept(bytes) + BYTES.flush();
        assertEquals(JsonMapper.shared().readTree(cells[1]).asString(), text, row);
        rows++;
      }
    }
    assertEquals(500, rows);
  }
}
