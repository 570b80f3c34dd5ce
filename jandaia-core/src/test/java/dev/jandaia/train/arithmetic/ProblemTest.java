package dev.jandaia.train.arithmetic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.train.SplitMix64;
import dev.jandaia.train.arithmetic.Problem.Operation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ProblemTest {
  private static final Pattern COLUMN = Pattern.compile("(\\d+)([+-])(\\d)([+-]1)?=(\\d+)");
  private static final Pattern SUM = Pattern.compile("\\d{1,2} ?[+-] ?\\d{1,2}( ?=)?");

  @Test
  void solutionsAreWrittenOutWithCarriesAndBorrows() {
    assertEquals("7+5=12 carry 1; 4+8+1=13; 132", solution(47, Operation.ADD, 85));
    assertEquals("2+5=7; 4+3=7; 77", solution(42, Operation.ADD, 35));
    assertEquals("0+0=0; 0+0=0; 0", solution(0, Operation.ADD, 0));
    assertEquals("8>4; 15-7=8 borrow 1; 8-4-1=3; 38", solution(85, Operation.SUBTRACT, 47));
    assertEquals("8=8 5=5; 5-5=0; 8-8=0; 0", solution(85, Operation.SUBTRACT, 85));
    assertEquals("4<8: 85-47; 15-7=8 borrow 1; 8-4-1=3; -38", solution(47, Operation.SUBTRACT, 85));
  }

  @Test
  void everyColumnOfEverySolutionIsRight() {
    ProblemSplit split = ProblemSplit.standard();
    for (List<Problem> problems : List.of(split.training(), split.heldOut())) {
      for (Problem problem : problems) {
        List<MatchResult> columns = COLUMN.matcher(problem.solution()).results().toList();
        assertEquals(2, columns.size(), problem.solution());
        columns.forEach(column -> checkColumn(problem, column));
        int units = Integer.parseInt(columns.get(0).group(5)) % 10;
        int tens = Integer.parseInt(columns.get(1).group(5));
        assertEquals(Math.abs(problem.answer()), 10 * tens + units, problem.solution());
        assertTrue(problem.solution().endsWith("; " + problem.answer()), problem.solution());
      }
    }
  }

  private static void checkColumn(Problem problem, MatchResult column) {
    int sign = column.group(2).equals("+") ? 1 : -1;
    int carried = column.group(4) == null ? 0 : Integer.parseInt(column.group(4));
    int value =
        Integer.parseInt(column.group(1)) + sign * Integer.parseInt(column.group(3)) + carried;
    assertEquals(value, Integer.parseInt(column.group(5)), problem.solution());
  }

  @Test
  void theSplitIsCompleteDisjointAndKeepsTwinsTogether() {
    ProblemSplit split = ProblemSplit.standard();
    Set<Problem> training = new HashSet<>(split.training());
    Set<Problem> heldOut = new HashSet<>(split.heldOut());
    assertEquals(20_000, split.training().size() + split.heldOut().size());
    assertEquals(20_000, training.size() + heldOut.size());
    assertEquals(0.2, heldOut.size() / 20_000.0, 0.001);
    for (Problem problem : heldOut) {
      Problem twin = new Problem(problem.b(), problem.operation(), problem.a());
      assertFalse(training.contains(problem) || training.contains(twin), problem.question());
    }
    assertEquals(split, ProblemSplit.standard());
  }

  @Test
  void phrasingsNameBothNumbersInAnOrderThatFits() {
    SplitMix64 random = new SplitMix64(5);
    Problem problem = new Problem(12, Operation.SUBTRACT, 34);
    for (int i = 0; i < 1000; i++) {
      String question = Phrasing.ask(problem, random);
      boolean turned = question.startsWith("subtract") || question.startsWith("Subtract");
      assertEquals(turned, question.indexOf("12") > question.indexOf("34"), question);
      assertTrue(question.contains("12") && question.contains("34"), question);
    }
  }

  @Test
  void otherTalkIsNeverASumOfTwoDigitNumbers() {
    SplitMix64 random = new SplitMix64(6);
    for (int i = 0; i < 20_000; i++) {
      String text = OtherTalk.say(random);
      assertFalse(SUM.matcher(text).matches(), text);
    }
  }

  private static String solution(int a, Operation operation, int b) {
    return new Problem(a, operation, b).solution();
  }
}
