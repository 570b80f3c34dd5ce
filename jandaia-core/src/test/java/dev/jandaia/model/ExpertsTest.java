package dev.jandaia.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.MachineCode;
import dev.jandaia.kernel.Workers;
import dev.jandaia.op.Compute;
import dev.jandaia.op.ExpertPlan;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.Route;
import dev.jandaia.op.Rows;
import dev.jandaia.spec.Activation;
import dev.jandaia.spec.GatedMlp;
import dev.jandaia.spec.Gating;
import dev.jandaia.spec.Router;
import dev.jandaia.spec.Router.Groups;
import dev.jandaia.spec.Router.Scoring;
import dev.jandaia.tensor.DType;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Experts that answer together say what each says alone. */
class ExpertsTest {
  private static final int HIDDEN = 64;
  private static final int COUNT = 7;

  /** Expert 3 is never asked, the second token asks one twice, expert 5 everybody. */
  private static final int[] TABLE = {5, 0, 1, 2, 2, 5, 6, 5, 4, 1, 5, 0};

  private static final int TOP_K = 3;
  private static final Router ROUTER =
      new Router(TOP_K, Scoring.SIGMOID, false, false, Groups.NONE, true, 1);
  private static final GatedMlp SPEC = new GatedMlp(96, new Gating.Plain(Activation.SILU), true);

  @Test
  void plainLoops() {
    Kernels kernels = Kernels.scalar();
    check(kernels, RandomModel.weights(kernels));
  }

  @Test
  void machineCode() {
    Kernels kernels = MachineCode.forAllWeights();
    check(kernels, QuantisedWeights.of(DType.Q8_0, kernels));
  }

  private static void check(Kernels kernels, Weights weights) {
    Experts experts = new Experts(COUNT, SPEC, weights, "experts", HIDDEN);
    GatedMlpLayer[] alone = new GatedMlpLayer[COUNT];
    Arrays.setAll(alone, e -> new GatedMlpLayer(SPEC, weights, "experts." + e, HIDDEN));
    for (int threads : new int[] {1, 2}) {
      try (Workers workers = Workers.of(threads)) {
        Compute compute = new Compute(kernels, workers);
        for (GatedMlpLayer each : alone) {
          useOften(compute, each);
        }
        for (int tokens : new int[] {1, 2, 5, 40, 200}) {
          check(compute, experts, alone, tokens);
        }
      }
    }
  }

  /** Afterwards weights are packed for good, and so have their last kernel. */
  private static void useOften(Compute compute, GatedMlpLayer network) {
    for (int use = 0; use < 24; use++) {
      int mark = compute.mark();
      network.apply(compute, compute.zeros(1, HIDDEN));
      compute.release(mark);
    }
  }

  private static void check(Compute compute, Experts experts, GatedMlpLayer[] alone, int tokens) {
    int start = compute.mark();
    Random random = new Random(tokens);
    Matrix x = random(compute, random, tokens, HIDDEN);
    ExpertPlan plan = new ExpertPlan();
    int[] ids = random.ints(tokens, 0, TABLE.length / TOP_K).toArray();
    Route.byToken(compute, random(compute, random, tokens, COUNT), ROUTER, TABLE, ids, plan);
    int answered = 0;
    int end;
    for (int first = 0; first < COUNT; first = end) {
      end = experts.endOfGroup(plan, first);
      assertTrue(end > first, "every group has an expert");
      int rows = plan.start(end) - plan.start(first);
      int mark = compute.mark();
      if (rows > 0) {
        Matrix group = Rows.gather(compute, x, plan.tokenRows(), plan.start(first), rows);
        Matrix answers = experts.apply(compute, plan, first, end, group);
        for (int e = first; e < end; e++) {
          assertEachAsAlone(
              compute, plan, x, e, alone[e], answers, plan.start(e) - plan.start(first));
        }
      }
      compute.release(mark);
      answered += rows;
    }
    assertEquals(tokens * TOP_K, answered, "rows that experts have seen");
    compute.release(start);
  }

  private static void assertEachAsAlone(
      Compute compute,
      ExpertPlan plan,
      Matrix x,
      int expert,
      GatedMlpLayer alone,
      Matrix answers,
      int row) {
    if (plan.count(expert) > 0) {
      Matrix own =
          Rows.gather(compute, x, plan.tokenRows(), plan.start(expert), plan.count(expert));
      Matrix expected = alone.apply(compute, own);
      int from = answers.offset(row);
      assertArrayEquals(
          Arrays.copyOf(expected.data(), expected.size()),
          Arrays.copyOfRange(answers.data(), from, from + expected.size()),
          "expert " + expert);
    }
  }

  private static Matrix random(Compute compute, Random random, int rows, int cols) {
    Matrix matrix = compute.take(rows, cols);
    for (int i = 0; i < matrix.size(); i++) {
      matrix.data()[i] = (float) random.nextGaussian();
    }
    return matrix;
  }
}
