package dev.jandaia.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextArrayTest {
  @Test
  void isTheListThatItWasMadeOf() {
    List<String> texts = List.of("", "a", "Ġthe", "\uD83D\uDE00", "", "end");
    TextArray array = TextArray.of(texts);
    assertEquals(texts, array);
    assertEquals("Ġthe".getBytes(StandardCharsets.UTF_8).length, array.end(2) - array.start(2));
    assertEquals(List.of(), TextArray.of(List.of()));
    assertThrows(IndexOutOfBoundsException.class, () -> array.get(6));
  }
}
