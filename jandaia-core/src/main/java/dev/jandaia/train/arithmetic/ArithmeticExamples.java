package dev.jandaia.train.arithmetic;

import dev.jandaia.train.Example;
import dev.jandaia.train.ExampleSource;
import java.util.List;
import java.util.random.RandomGenerator;

/** Draws problems in random phrasings, and now and then some other talk. */
final class ArithmeticExamples implements ExampleSource {
  private static final int OTHER_TALK_ONE_IN = 12;

  private final List<Problem> problems;
  private final ArithmeticTokens tokens;

  ArithmeticExamples(List<Problem> problems, ArithmeticTokens tokens) {
    this.problems = problems;
    this.tokens = tokens;
  }

  @Override
  public Example next(RandomGenerator random) {
    if (random.nextInt(OTHER_TALK_ONE_IN) == 0) {
      return tokens.example(OtherTalk.say(random), OtherTalk.REPLY);
    }
    Problem problem = problems.get(random.nextInt(problems.size()));
    return tokens.example(Phrasing.ask(problem, random), problem.solution());
  }
}
