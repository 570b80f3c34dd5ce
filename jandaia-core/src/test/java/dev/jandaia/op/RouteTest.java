package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.spec.Router;
import dev.jandaia.spec.Router.GroupScore;
import dev.jandaia.spec.Router.Groups;
import dev.jandaia.spec.Router.Scoring;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RouteTest {
  private static final int EXPERTS = 12;
  private static final int ROWS = 9;

  private static List<Router> routers() {
    List<Router> routers = new ArrayList<>();
    for (Scoring scoring : Scoring.values()) {
      for (boolean renormalise : new boolean[] {false, true}) {
        for (Groups groups :
            List.of(
                Groups.NONE,
                new Groups(4, 2, GroupScore.MAX),
                new Groups(4, 2, GroupScore.TOP_TWO),
                new Groups(3, 1, GroupScore.TOP_TWO))) {
          for (int topK : new int[] {1, 3}) {
            for (boolean correction : new boolean[] {false, true}) {
              double scale = topK == 1 ? 1 : 2.5;
              routers.add(new Router(topK, scoring, false, correction, groups, renormalise, scale));
            }
          }
        }
      }
    }
    routers.add(new Router(2, Scoring.SOFTMAX, false, false, Groups.NONE, false, 1, 1.5));
    routers.add(new Router(3, Scoring.SIGMOID, false, true, Groups.NONE, true, 2.5, 0.7));
    return routers;
  }

  private static double[] capped(double[] logits, Router router) {
    double cap = router.softCap();
    return cap == 0 ? logits : Arrays.stream(logits).map(z -> cap * Math.tanh(z / cap)).toArray();
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void eachExpertsWeightHasAFactorOfItsOwn(Setup setup) {
    setup.run(compute -> {
      Router router = new Router(3, Scoring.SOFTMAX, false, false, Groups.NONE, true, 1);
      GradientCheck check = new GradientCheck(compute, 1);
      Matrix weights = check.matrix(ROWS, 3);
      VectorParameter scale = check.vector(EXPERTS);
      ExpertPlan plan = new ExpertPlan();
      Matrix logits = new GradientCheck(compute, 2).matrix(ROWS, EXPERTS);
      Route.apply(compute, logits, router, Optional.empty(), plan);
      int[] chosen = plan.copyOfChosen();
      check.check(
          () -> ExpertScale.apply(compute, weights, plan, scale),
          in ->
              IntStream.range(0, in[0].length)
                  .mapToDouble(i -> in[0][i] * in[1][chosen[i]])
                  .toArray());
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void weightsOfTheChosenExperts(Setup setup) {
    setup.run(compute -> {
      for (Router router : routers()) {
        GradientCheck check = new GradientCheck(compute, 1);
        Matrix logits = check.matrix(ROWS, EXPERTS);
        Optional<VectorParameter> correction = correction(router);
        ExpertPlan plan = new ExpertPlan();
        check.check(
            () -> Route.apply(compute, logits, router, correction, plan),
            in -> weights(capped(in[0], router), router, correction));
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void aTokensExpertsAreLookedUp(Setup setup) {
    setup.run(compute -> {
      int[] table = {3, 1, 0, 11, 5, 6, 7, 2};
      int[] ids = {0, 3, 1, 2, 2, 0, 3, 1, 1};
      for (Scoring scoring : Scoring.values()) {
        Router router = new Router(2, scoring, false, false, Groups.NONE, true, 1.5);
        GradientCheck check = new GradientCheck(compute, 4);
        Matrix logits = check.matrix(ROWS, EXPERTS);
        ExpertPlan plan = new ExpertPlan();
        check.check(
            () -> Route.byToken(compute, logits, router, table, ids, plan),
            in -> {
              double[] weights = new double[ROWS * 2];
              for (int row = 0; row < ROWS; row++) {
                int from = row * EXPERTS;
                double[] scores =
                    scores(Arrays.copyOfRange(in[0], from, from + EXPERTS), router).clone();
                if (scoring == Scoring.SOFTMAX_OF_CHOSEN) {
                  Arrays.setAll(scores, e -> Math.exp(scores[e]));
                }
                double first = scores[table[2 * ids[row]]];
                double second = scores[table[2 * ids[row] + 1]];
                weights[2 * row] = 1.5 * first / (first + second);
                weights[2 * row + 1] = 1.5 * second / (first + second);
              }
              return weights;
            });
        assertEquals("[0.1, 5.1]", visits(plan, 1, 2));
        assertEquals("[1.1, 6.1]", visits(plan, 2, 2));
        assertEquals("[]", visits(plan, 4, 2));
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void scoresOfExtremeLogitsStayFinite(Setup setup) {
    setup.run(compute -> {
      Router router = new Router(2, Scoring.SQRT_SOFTPLUS, false, false, Groups.NONE, false, 1);
      Matrix logits = Matrix.of(1, 3);
      System.arraycopy(new float[] {1e4f, -1e4f, 100}, 0, logits.data(), 0, 3);
      Matrix weights = Route.apply(compute, logits, router, Optional.empty(), new ExpertPlan());
      assertEquals(100, weights.data()[0], 1e-3);
      assertEquals(10, weights.data()[1], 1e-4);
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void thePlanListsEachExpertsTokens(Setup setup) {
    setup.run(compute -> {
      ExpertPlan plan = new ExpertPlan();
      for (Router router : routers()) {
        Matrix logits = new GradientCheck(compute, 2).matrix(ROWS, EXPERTS);
        double[] values =
            IntStream.range(0, logits.size()).mapToDouble(i -> logits.data()[i]).toArray();
        Optional<VectorParameter> correction = correction(router);
        List<List<Integer>> chosen = chosen(capped(values, router), router, correction);
        Route.apply(compute, logits, router, correction, plan);
        for (int e = 0; e < EXPERTS; e++) {
          assertEquals(visits(chosen, e), visits(plan, e, router.topK()), router + " expert " + e);
        }
      }
    });
  }

  /** Which (row, place among the row's choices) visit an expert, as text. */
  private static String visits(List<List<Integer>> chosen, int expert) {
    List<String> visits = new ArrayList<>();
    for (int row = 0; row < chosen.size(); row++) {
      for (int j = 0; j < chosen.get(row).size(); j++) {
        if (chosen.get(row).get(j) == expert) {
          visits.add(row + "." + j);
        }
      }
    }
    return visits.toString();
  }

  private static String visits(ExpertPlan plan, int expert, int topK) {
    return IntStream.range(plan.start(expert), plan.start(expert) + plan.count(expert))
        .mapToObj(i -> plan.tokenRows()[i] + "." + (plan.entries()[i] - plan.tokenRows()[i] * topK))
        .collect(Collectors.toList())
        .toString();
  }

  private static Optional<VectorParameter> correction(Router router) {
    float[] values = new float[EXPERTS];
    for (int e = 0; e < EXPERTS; e++) {
      values[e] = (e * 5 % EXPERTS) / 8f - 0.6f;
    }
    return router.correctionBias()
        ? Optional.of(new VectorParameter("correction", values))
        : Optional.empty();
  }

  private static double[] weights(
      double[] logits, Router router, Optional<VectorParameter> correction) {
    List<List<Integer>> chosen = chosen(logits, router, correction);
    double[] weights = new double[chosen.size() * router.topK()];
    for (int row = 0; row < chosen.size(); row++) {
      double[] scores =
          scores(Arrays.copyOfRange(logits, row * EXPERTS, (row + 1) * EXPERTS), router);
      boolean softmax = router.scoring() == Scoring.SOFTMAX_OF_CHOSEN;
      double sum = 0;
      for (int e : chosen.get(row)) {
        sum += softmax ? Math.exp(scores[e]) : scores[e];
      }
      for (int j = 0; j < router.topK(); j++) {
        double score = scores[chosen.get(row).get(j)];
        double weight = softmax ? Math.exp(score) : score;
        boolean divide = softmax || router.renormalise();
        weights[row * router.topK() + j] = router.scale() * (divide ? weight / sum : weight);
      }
    }
    return weights;
  }

  private static double[] scores(double[] logits, Router router) {
    double sum = Arrays.stream(logits).map(Math::exp).sum();
    return switch (router.scoring()) {
      case SOFTMAX -> Arrays.stream(logits).map(z -> Math.exp(z) / sum).toArray();
      case SIGMOID -> Arrays.stream(logits).map(Functions::sigmoid).toArray();
      case SQRT_SOFTPLUS ->
          Arrays.stream(logits).map(z -> Math.sqrt(Math.log(1 + Math.exp(z)))).toArray();
      case SOFTMAX_OF_CHOSEN -> logits;
    };
  }

  /** The experts of each row, best first. */
  private static List<List<Integer>> chosen(
      double[] logits, Router router, Optional<VectorParameter> correction) {
    List<List<Integer>> chosen = new ArrayList<>();
    for (int row = 0; row < logits.length / EXPERTS; row++) {
      double[] preference =
          scores(Arrays.copyOfRange(logits, row * EXPERTS, (row + 1) * EXPERTS), router).clone();
      for (int e = 0; e < EXPERTS; e++) {
        preference[e] += correction.isPresent() ? correction.get().values()[e] : 0;
      }
      int size = EXPERTS / router.groups().count();
      List<Integer> groups = best(groupScores(preference, router.groups()), router.groups().keep());
      for (int e = 0; e < EXPERTS; e++) {
        preference[e] = groups.contains(e / size) ? preference[e] : Double.NEGATIVE_INFINITY;
      }
      chosen.add(best(preference, router.topK()));
    }
    return chosen;
  }

  private static double[] groupScores(double[] preference, Groups groups) {
    int size = EXPERTS / groups.count();
    double[] scores = new double[groups.count()];
    for (int g = 0; g < groups.count(); g++) {
      double[] members = Arrays.copyOfRange(preference, g * size, (g + 1) * size);
      Arrays.sort(members);
      double second = groups.score() == GroupScore.TOP_TWO ? members[size - 2] : 0;
      scores[g] = members[size - 1] + second;
    }
    return scores;
  }

  private static List<Integer> best(double[] values, int count) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -values[i]))
        .limit(count)
        .toList();
  }
}
