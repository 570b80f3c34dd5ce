package dev.jandaia.op;

import dev.jandaia.spec.Router;
import java.util.Optional;

/**
 * The weights with which each token visits its experts, and which experts those are: see {@link
 * Router} for the rules.
 */
public final class Route {
  /** Keeps the sum of chosen sigmoid scores away from zero, as the reference implementations do. */
  private static final float SUM_FLOOR = 1e-20f;

  private static final int[] NO_TABLE = {};

  private Route() {}

  /**
   * Chooses experts and groups the tokens by expert in {@code plan}.
   *
   * @param rawLogits {@code [M, E]}; undefined afterwards
   * @param correction {@code [E]}, added for selection only
   * @return weights {@code [M, topK]}, in the order of {@link ExpertPlan#chosen}
   */
  public static Matrix apply(
      Compute compute,
      Matrix rawLogits,
      Router router,
      Optional<VectorParameter> correction,
      ExpertPlan plan) {
    return route(compute, rawLogits, router, correction, NO_TABLE, NO_TABLE, plan);
  }

  /**
   * As {@link #apply}, but experts are looked up by token; the logits only weigh them.
   *
   * @param table {@code [V, topK]}, the experts of each token
   * @param ids {@code [M]}, the tokens
   */
  public static Matrix byToken(
      Compute compute, Matrix rawLogits, Router router, int[] table, int[] ids, ExpertPlan plan) {
    return route(compute, rawLogits, router, Optional.empty(), table, ids, plan);
  }

  private static Matrix route(
      Compute compute,
      Matrix rawLogits,
      Router router,
      Optional<VectorParameter> correction,
      int[] table,
      int[] ids,
      ExpertPlan plan) {
    float cap = (float) router.softCap();
    Matrix logits = cap == 0 ? rawLogits : SoftCap.copy(compute, rawLogits, cap);
    int experts = logits.cols();
    int topK = router.topK();
    plan.start(logits.rows(), experts, topK);
    Matrix weights = compute.take(logits.rows(), topK);
    for (int row = 0; row < logits.rows(); row++) {
      int offset = logits.offset(row);
      score(compute, router.scoring(), logits.data(), offset, experts);
      if (table.length > 0) {
        plan.lookUp(row, table, ids[row]);
      } else {
        plan.choose(row, logits.data(), offset, router, correction);
      }
      weigh(compute, router, logits.data(), offset, plan, row, weights);
    }
    plan.groupByExpert();
    if (compute.recording()) {
      int[] chosen = plan.copyOfChosen();
      compute.record(() -> backward(logits, router, chosen, weights));
    }
    return weights;
  }

  /** Logits become scores, in place; softmax over the chosen ones waits until they are known. */
  private static void score(
      Compute compute, Router.Scoring scoring, float[] x, int offset, int experts) {
    switch (scoring) {
      case SOFTMAX -> {
        float max = compute.kernels().max(x, offset, experts);
        float sum = compute.kernels().expSum(x, offset, experts, max);
        compute.kernels().scale(1 / sum, x, offset, experts);
      }
      case SIGMOID -> {
        for (int e = offset; e < offset + experts; e++) {
          x[e] = PointFunction.sigmoid(x[e]);
        }
      }
      case SQRT_SOFTPLUS -> {
        for (int e = offset; e < offset + experts; e++) {
          x[e] = (float) Math.sqrt(softplus(x[e]));
        }
      }
      case SOFTMAX_OF_CHOSEN -> {}
    }
  }

  /** ln(1 + exp(z)), however large z is. */
  private static double softplus(double z) {
    return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
  }

  /** ∂score/∂logit in terms of the score, for scorings that look at each logit alone. */
  private static float slope(Router.Scoring scoring, float score) {
    return switch (scoring) {
      case SIGMOID -> score * (1 - score);
      // With s² = softplus(z): σ(z) = 1 − exp(−s²), and s' = σ(z)/(2·s).
      case SQRT_SOFTPLUS ->
          score == 0 ? 0 : (float) (-Math.expm1(-(double) score * score) / (2 * score));
      case SOFTMAX, SOFTMAX_OF_CHOSEN -> throw new IllegalArgumentException("logits compete");
    };
  }

  private static void weigh(
      Compute compute,
      Router router,
      float[] scores,
      int offset,
      ExpertPlan plan,
      int row,
      Matrix weights) {
    int topK = router.topK();
    int first = weights.offset(row);
    float[] w = weights.data();
    for (int j = 0; j < topK; j++) {
      w[first + j] = scores[offset + plan.chosen(row, j)];
    }
    if (router.scoring() == Router.Scoring.SOFTMAX_OF_CHOSEN) {
      float max = compute.kernels().max(w, first, topK);
      float sum = compute.kernels().expSum(w, first, topK, max);
      compute.kernels().scale(1 / sum, w, first, topK);
    } else if (router.renormalise()) {
      compute.kernels().scale(1 / (sum(w, first, topK) + SUM_FLOOR), w, first, topK);
    }
    compute.kernels().scale((float) router.scale(), w, first, topK);
  }

  private static float sum(float[] x, int offset, int length) {
    float sum = 0;
    for (int i = offset; i < offset + length; i++) {
      sum += x[i];
    }
    return sum;
  }

  /**
   * From ∂loss/∂weights to ∂loss/∂logits, through scale, renormalisation and scoring. Which experts
   * are chosen has no slope.
   */
  private static void backward(Matrix scores, Router router, int[] chosen, Matrix weights) {
    int topK = router.topK();
    float[] dChosen = new float[topK];
    for (int row = 0; row < scores.rows(); row++) {
      int first = weights.offset(row);
      int offset = scores.offset(row);
      boolean normalised =
          router.renormalise() || router.scoring() == Router.Scoring.SOFTMAX_OF_CHOSEN;
      float projection = 0;
      float chosenSum = 0;
      for (int j = 0; j < topK; j++) {
        projection += weights.grad()[first + j] * weights.data()[first + j];
        chosenSum += scores.data()[offset + chosen[row * topK + j]];
      }
      for (int j = 0; j < topK; j++) {
        float dWeight = weights.grad()[first + j] * (float) router.scale();
        dChosen[j] = normalised ? dWeight - projection : dWeight;
      }
      switch (router.scoring()) {
        case SOFTMAX_OF_CHOSEN -> {
          for (int j = 0; j < topK; j++) {
            float probability = weights.data()[first + j] / (float) router.scale();
            scores.grad()[offset + chosen[row * topK + j]] += dChosen[j] * probability;
          }
        }
        case SIGMOID, SQRT_SOFTPLUS -> {
          float divisor = router.renormalise() ? chosenSum + SUM_FLOOR : 1;
          for (int j = 0; j < topK; j++) {
            int index = offset + chosen[row * topK + j];
            float score = scores.data()[index];
            scores.grad()[index] += dChosen[j] / divisor * slope(router.scoring(), score);
          }
        }
        case SOFTMAX -> {
          float divisor = router.renormalise() ? chosenSum + SUM_FLOOR : 1;
          float mean = 0;
          for (int j = 0; j < topK; j++) {
            mean += dChosen[j] / divisor * scores.data()[offset + chosen[row * topK + j]];
          }
          for (int e = 0; e < scores.cols(); e++) {
            scores.grad()[offset + e] -= mean * scores.data()[offset + e];
          }
          for (int j = 0; j < topK; j++) {
            int index = offset + chosen[row * topK + j];
            scores.grad()[index] += dChosen[j] / divisor * scores.data()[index];
          }
        }
      }
    }
  }
}
