package dev.jandaia.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.text.TextArray;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpellingTableTest {
  private static List<String> tokens() {
    List<String> tokens =
        new ArrayList<>(List.of("", "a", "b", "ab", "a", "Ġa", "é", "\uD83D\uDE00"));
    Random random = new Random(3);
    for (int i = 0; i < 5000; i++) {
      tokens.add(Integer.toString(random.nextInt(3000), 3));
    }
    return tokens;
  }

  @Test
  void findsTheFirstOfEachSpelling() {
    List<String> tokens = tokens();
    SpellingTable table = SpellingTable.of(TextArray.of(tokens));
    Map<String, Integer> expected = new HashMap<>();
    for (int id = 0; id < tokens.size(); id++) {
      expected.putIfAbsent(tokens.get(id), id);
    }
    expected.forEach((token, id) -> assertEquals(id, table.find(token), token));
    assertEquals(-1, table.find("abc"));
    assertEquals(-1, table.find("x"));
  }

  @Test
  void findsWhatTwoPartsMakeTogether() {
    SpellingTable table = SpellingTable.of(TextArray.of(tokens()));
    byte[] merge = Utf8.encode("a b");
    assertEquals(3, table.find(merge, 0, 1, 2, 3));
    assertEquals(1, table.find(merge, 0, 1));
    assertEquals(-1, table.find(merge, 0, 3));
    assertEquals(2, table.find(merge, 0, 0, 2, 3));
  }

  @Test
  void leavesOutWhatIsNotWanted() {
    SpellingTable table = SpellingTable.of(TextArray.of(tokens())).only(id -> id != 1 && id != 6);
    assertEquals(4, table.find("a"));
    assertEquals(-1, table.find("é"));
    Map<Integer, Integer> characters = new HashMap<>();
    table.forEachCharacter((codePoint, id) -> {
      if (id < 8) {
        characters.put(codePoint, id);
      }
    });
    assertEquals(Map.of((int) 'a', 4, (int) 'b', 2, 0x1F600, 7), characters);
  }

  @Test
  void leavesOutTokensThatComeOnce() {
    TextArray tokens = TextArray.of(List.of("a", "ab", "é", "éa"));
    SpellingTable table = SpellingTable.of(tokens).only(id -> id % 2 == 0);
    assertEquals(0, table.find("a"));
    assertEquals(-1, table.find("ab"));
    Map<Integer, Integer> characters = new HashMap<>();
    table.forEachCharacter(characters::put);
    assertEquals(Map.of((int) 'a', 0, (int) 'é', 2), characters);
  }
}
