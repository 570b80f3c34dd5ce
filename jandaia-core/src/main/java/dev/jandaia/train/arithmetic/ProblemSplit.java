package dev.jandaia.train.arithmetic;

import dev.jandaia.train.SplitMix64;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * All 20,000 problems, four fifths to learn from and one fifth never shown. A problem and its twin
 * with the numbers exchanged stay together, because {@code 47+85} would give {@code 85+47} away.
 *
 * @param training problems to learn from
 * @param heldOut problems to be judged by
 */
public record ProblemSplit(List<Problem> training, List<Problem> heldOut) {
  private static final long SEED = 2025;
  private static final int HELD_OUT_OF = 5;

  public ProblemSplit {
    training = List.copyOf(training);
    heldOut = List.copyOf(heldOut);
  }

  /** The split that the embedded model is trained with. */
  public static ProblemSplit standard() {
    List<List<Problem>> twins = twins();
    shuffle(twins, new SplitMix64(SEED));
    int cut = twins.size() / HELD_OUT_OF;
    return new ProblemSplit(flat(twins.subList(cut, twins.size())), flat(twins.subList(0, cut)));
  }

  private static List<List<Problem>> twins() {
    List<List<Problem>> twins = new ArrayList<>();
    for (Problem.Operation operation : Problem.Operation.values()) {
      for (int a = 0; a < Problem.LIMIT; a++) {
        twins.add(List.of(new Problem(a, operation, a)));
        for (int b = a + 1; b < Problem.LIMIT; b++) {
          twins.add(List.of(new Problem(a, operation, b), new Problem(b, operation, a)));
        }
      }
    }
    return twins;
  }

  /** Fisher and Yates; {@code Collections.shuffle} may change from JDK to JDK. */
  private static <T> void shuffle(List<T> list, RandomGenerator random) {
    for (int i = list.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      T other = list.get(j);
      list.set(j, list.get(i));
      list.set(i, other);
    }
  }

  private static List<Problem> flat(List<List<Problem>> twins) {
    return twins.stream().flatMap(List::stream).toList();
  }
}
