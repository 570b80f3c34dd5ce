package dev.jandaia.train.arithmetic;

import dev.jandaia.train.arithmetic.Problem.Operation;
import java.util.random.RandomGenerator;

/** The many ways to ask for the same sum. */
final class Phrasing {
  private static final String[] OPENINGS = {
    "what is ",
    "What is ",
    "what's ",
    "What's ",
    "how much is ",
    "How much is ",
    "calculate ",
    "Calculate ",
    "compute ",
    "Compute ",
    "solve ",
    "Solve ",
    "and ",
    "please compute ",
    "hi, what is "
  };
  private static final String[] ENDINGS = {"=", " =", "?", "=?", " = ?", " ?", ".", "= "};

  private Phrasing() {}

  /** A question; half of them plain, {@code 47+85}. */
  static String ask(Problem problem, RandomGenerator random) {
    int style = random.nextInt(20);
    if (style < 10) {
      return problem.question();
    }
    if (style < 12) {
      return imperative(problem, random);
    }
    String opening = random.nextInt(2) == 0 ? "" : pick(OPENINGS, random);
    String ending = random.nextInt(2) == 0 ? "" : pick(ENDINGS, random);
    return opening + problem.a() + operation(problem, random) + problem.b() + ending;
  }

  private static String operation(Problem problem, RandomGenerator random) {
    Operation operation = problem.operation();
    return switch (random.nextInt(3)) {
      case 0 -> "" + operation.sign();
      case 1 -> " " + operation.sign() + " ";
      default -> " " + operation.word() + " ";
    };
  }

  private static String imperative(Problem problem, RandomGenerator random) {
    boolean capital = random.nextInt(2) == 0;
    return switch (problem.operation()) {
      case ADD -> (capital ? "Add " : "add ") + problem.a() + " and " + problem.b();
      case SUBTRACT -> (capital ? "Subtract " : "subtract ") + problem.b() + " from " + problem.a();
    };
  }

  private static String pick(String[] choices, RandomGenerator random) {
    return choices[random.nextInt(choices.length)];
  }
}
