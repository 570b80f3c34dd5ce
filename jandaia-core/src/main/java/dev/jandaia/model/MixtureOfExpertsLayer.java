package dev.jandaia.model;

import dev.jandaia.op.Add;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.ExpertPlan;
import dev.jandaia.op.ExpertScale;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.PointFunction;
import dev.jandaia.op.Pointwise;
import dev.jandaia.op.Route;
import dev.jandaia.op.RowSource;
import dev.jandaia.op.Rows;
import dev.jandaia.op.Scale;
import dev.jandaia.op.ScaleRows;
import dev.jandaia.op.VectorParameter;
import dev.jandaia.spec.MixtureOfExperts;
import java.util.Optional;

/**
 * Routes each token to its experts, asks every expert once about all of its tokens, and adds up
 * what they say.
 */
final class MixtureOfExpertsLayer implements FeedForwardLayer {
  private final MixtureOfExperts spec;
  private final Projection router;
  private final NormLayer routerNorm;
  private final Optional<VectorParameter> correction;
  private final Optional<VectorParameter> expertScale;
  private final Optional<int[]> table;
  private final Experts experts;
  private final Optional<GatedMlpLayer> shared;
  private final Optional<Projection> sharedGate;

  MixtureOfExpertsLayer(MixtureOfExperts spec, Weights weights, String path, int hiddenSize) {
    this.spec = spec;
    int count = spec.numExperts();
    router = Projection.of(weights, path + ".router", count, hiddenSize, spec.router().bias());
    routerNorm =
        NormLayer.of(spec.router().inputNorm(), weights, path + ".router.norm", hiddenSize);
    expertScale =
        spec.router().expertScale()
            ? Optional.of(weights.vector(path + ".router.expertScale", count))
            : Optional.empty();
    correction =
        spec.router().correctionBias()
            ? Optional.of(weights.vector(path + ".router.correction", count))
            : Optional.empty();
    int topK = spec.router().topK();
    table =
        spec.router()
            .tokenTable()
            .map(tokens ->
                weights.integers(path + ".router.experts", tokens.vocabSize(), topK, count));
    experts = new Experts(count, spec.expert(), weights, path + ".experts", hiddenSize);
    shared =
        spec.shared().map(mlp -> new GatedMlpLayer(mlp, weights, path + ".shared", hiddenSize));
    sharedGate =
        spec.sharedGate()
            ? Optional.of(Projection.of(weights, path + ".sharedGate", 1, hiddenSize, false))
            : Optional.empty();
  }

  @Override
  public Matrix apply(Compute compute, Batch batch, RowSource x) {
    return route(compute, batch, x.matrix(), x.matrix());
  }

  /**
   * As {@link #apply(Compute, Batch, RowSource)}, with another input for the router.
   *
   * @param x {@code [M, C]}, what the experts read
   * @param signs {@code [M, C]}, what the router reads
   */
  Matrix route(Compute compute, Batch batch, Matrix x, Matrix signs) {
    Matrix out = compute.zeros(x.rows(), x.cols());
    int mark = compute.mark();
    ExpertPlan plan = compute.expertPlan();
    Matrix weights = weights(compute, batch, signs, plan);
    int end;
    for (int first = 0; first < experts.count(); first = end) {
      end = experts.endOfGroup(plan, first);
      if (plan.start(end) > plan.start(first)) {
        int groupMark = compute.mark();
        visit(compute, plan, first, end, x, weights, out);
        compute.release(groupMark);
      }
    }
    if (shared.isPresent()) {
      out = Add.apply(compute, out, shared(compute, x, shared.get()));
    }
    compute.release(mark);
    return out;
  }

  private Matrix weights(Compute compute, Batch batch, Matrix signs, ExpertPlan plan) {
    Matrix logits = router.apply(compute, routerNorm.apply(compute, signs));
    Scale.apply(compute, logits, (float) spec.router().inputScale());
    Matrix weights =
        table.isPresent()
            ? Route.byToken(compute, logits, spec.router(), table.get(), batch.ids(), plan)
            : Route.apply(compute, logits, spec.router(), correction, plan);
    return expertScale.isPresent()
        ? ExpertScale.apply(compute, weights, plan, expertScale.get())
        : weights;
  }

  private Matrix shared(Compute compute, Matrix x, GatedMlpLayer network) {
    Matrix result = network.apply(compute, x);
    if (sharedGate.isEmpty()) {
      return result;
    }
    Matrix gate =
        Pointwise.apply(compute, sharedGate.get().apply(compute, x), PointFunction.SIGMOID);
    return ScaleRows.apply(compute, result, gate);
  }

  /** Adds to {@code out} what the experts [from, to) say about their tokens. */
  private void visit(
      Compute compute, ExpertPlan plan, int from, int to, Matrix x, Matrix weights, Matrix out) {
    int first = plan.start(from);
    int count = plan.start(to) - first;
    int[] rows = plan.tokenRows();
    int[] entries = plan.entries();
    switch (spec.weighting()) {
      case OUTPUT -> {
        Matrix tokens = Rows.gather(compute, x, rows, first, count);
        Matrix answers = experts.apply(compute, plan, from, to, tokens);
        Rows.addWeighted(compute, answers, weights, rows, entries, first, count, out);
      }
      case INPUT -> {
        Matrix tokens = Rows.gatherWeighted(compute, x, weights, rows, entries, first, count);
        Matrix answers = experts.apply(compute, plan, from, to, tokens);
        Rows.add(compute, answers, rows, first, count, out);
      }
    }
  }
}
