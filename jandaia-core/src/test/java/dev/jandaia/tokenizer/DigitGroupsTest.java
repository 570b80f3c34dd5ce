package dev.jandaia.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cuts as the tokenizers library makes them. */
class DigitGroupsTest {

  @ParameterizedTest
  @CsvSource({
    "1234567, 1|234|567",
    "3456 x, 3|456| x",
    "3456-x, 3|456|-x",
    "3456x, 3456x",
    "3456_, 3456_",
    "3456², 3456²",
    "3456½, 3456½",
    "3456Ⅷ, 3456Ⅷ"
  })
  void runOfDigitsIsCutWhereTheWordEndsWithIt(String text, String pieces) {
    PreTokenizer groups = Split.isolated("\\d{1,3}(?=(?:\\d{3})*\\b)");

    List<String> cut =
        groups.split(new PreTokenizer.Piece(text, true)).stream()
            .map(PreTokenizer.Piece::text)
            .toList();

    assertEquals(pieces, String.join("|", cut));
  }
}
