package dev.jandaia.train.arithmetic;

import java.util.List;

/**
 * How a model did on a set of problems.
 *
 * @param problems asked
 * @param exact answered with exactly the expected working and answer
 * @param correct answered with the right number at the end, whatever the working
 * @param misses the first few that were not exact
 */
public record Score(int problems, int exact, int correct, List<Miss> misses) {
  private static final int SHOWN = 5;

  /** A problem with the expected and the found solution. */
  public record Miss(String question, String expected, String found) {}

  public Score {
    misses = List.copyOf(misses);
  }

  static Score of(List<Problem> problems, List<String> answers) {
    int exact = 0;
    int correct = 0;
    List<Miss> misses = new java.util.ArrayList<>();
    for (int i = 0; i < problems.size(); i++) {
      Problem problem = problems.get(i);
      String found = answers.get(i);
      if (found.equals(problem.solution())) {
        exact++;
      } else if (misses.size() < SHOWN) {
        misses.add(new Miss(problem.question(), problem.solution(), found));
      }
      correct += found.substring(found.lastIndexOf(' ') + 1).equals("" + problem.answer()) ? 1 : 0;
    }
    return new Score(problems.size(), exact, correct, misses);
  }

  /** Exact answers as a fraction of all. */
  public double exactRate() {
    return problems == 0 ? 0 : exact / (double) problems;
  }
}
