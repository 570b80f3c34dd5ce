package dev.jandaia.train.arithmetic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.tokenizer.Specials;
import dev.jandaia.train.Example;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArithmeticTokensTest {
  private final ArithmeticTokens tokens = new ArithmeticTokens();

  @Test
  void aCharacterIsAToken() {
    String question = "what is 47 + 85?";
    assertEquals(question.length() + 2, tokens.prompt(question).length);
    assertEquals(ArithmeticModel.spec().vocabSize(), tokens.tokenizer().vocabSize());
  }

  @Test
  void promptsAreWhatTheChatTemplateRenders() {
    assertArrayEquals(
        tokens.tokenizer().encode("<|user|>47+85<|assistant|>", Specials.MARKUP),
        tokens.prompt("47+85"));
  }

  @Test
  void examplesReadBackAndEnd() {
    Example example = tokens.example("1+2", "1+2=3; 0+0=0; 3");
    int[] answer = Arrays.copyOfRange(example.ids(), example.learnFrom(), example.ids().length);
    assertEquals("1+2=3; 0+0=0; 3", tokens.tokenizer().decode(answer));
    assertEquals(Set.of(answer[answer.length - 1]), tokens.tokenizer().endOfGeneration());
  }

  @Test
  void whatIsNotAsciiBecomesOneUnknownToken() {
    int unknown = tokens.tokenizer().unknownId().orElseThrow();
    assertArrayEquals(new int[] {unknown}, tokens.tokenizer().encode("\u4f60\u597d"));
  }
}
