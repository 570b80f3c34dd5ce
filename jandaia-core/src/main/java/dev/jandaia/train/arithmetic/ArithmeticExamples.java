package dev.jandaia.train.arithmetic;

import dev.jandaia.train.Example;
import dev.jandaia.train.ExampleSource;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Draws problems in random phrasings, and now and then some other talk. Differences of numbers that
 * are close are drawn more often than chance would: whether to write a minus sign is hardest there.
 */
final class ArithmeticExamples implements ExampleSource {
  private static final int OTHER_TALK_ONE_IN = 12;
  private static final int CLOSE_ONE_IN = 8;
  private static final int CLOSE = 3;

  private final List<Problem> problems;
  private final List<Problem> close;
  private final ArithmeticTokens tokens;

  ArithmeticExamples(List<Problem> problems, ArithmeticTokens tokens) {
    this.problems = problems;
    this.close = problems.stream().filter(ArithmeticExamples::isClose).toList();
    this.tokens = tokens;
  }

  @Override
  public Example next(RandomGenerator random) {
    if (random.nextInt(OTHER_TALK_ONE_IN) == 0) {
      return tokens.example(OtherTalk.say(random), OtherTalk.REPLY);
    }
    List<Problem> drawn = random.nextInt(CLOSE_ONE_IN) == 0 ? close : problems;
    Problem problem = drawn.get(random.nextInt(drawn.size()));
    return tokens.example(Phrasing.ask(problem, random), problem.solution());
  }

  private static boolean isClose(Problem problem) {
    return problem.operation() == Problem.Operation.SUBTRACT && Math.abs(problem.answer()) <= CLOSE;
  }
}
