package dev.jandaia.model;

import dev.jandaia.op.Compute;
import dev.jandaia.op.ExpertPlan;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.Projections;
import dev.jandaia.op.RowSource;
import dev.jandaia.spec.GatedMlp;
import java.util.ArrayList;
import java.util.List;

/**
 * The experts of a mixture. Several answer together: threads meet twice for all of them, as they do
 * for a single network.
 */
final class Experts {
  /**
   * Experts answer together as long as they have no more tokens than this: all experts of a token,
   * while the memory for what they say stays small in a long prompt.
   */
  private static final int TOGETHER = 256;

  private final List<GatedMlpLayer> networks = new ArrayList<>();
  private final int intermediateSize;

  Experts(int count, GatedMlp spec, Weights weights, String path, int hiddenSize) {
    for (int e = 0; e < count; e++) {
      networks.add(new GatedMlpLayer(spec, weights, path + "." + e, hiddenSize));
    }
    intermediateSize = spec.intermediateSize();
  }

  /** The expert before which those end that answer together with {@code first}. */
  int endOfGroup(ExpertPlan plan, int first) {
    int end = first + 1;
    while (end < networks.size() && plan.start(end + 1) - plan.start(first) <= TOGETHER) {
      end++;
    }
    return end;
  }

  int count() {
    return networks.size();
  }

  /**
   * What the experts [first, end) say about their tokens.
   *
   * @param tokens {@code [M, C]}, in the order of the plan
   * @return {@code [M, C]}, in the same order
   */
  Matrix apply(Compute compute, ExpertPlan plan, int first, int end, Matrix tokens) {
    int start = plan.start(first);
    Matrix gates = compute.take(tokens.rows(), intermediateSize);
    Matrix ups = compute.take(tokens.rows(), intermediateSize);
    Projections projections = Projections.of(compute);
    for (int e = first; e < end; e++) {
      if (plan.count(e) > 0) {
        networks.get(e).open(projections, tokens, plan.start(e) - start, plan.count(e), gates, ups);
      }
    }
    projections.run();
    RowSource gated = networks.get(first).gate(compute, gates, ups);
    Matrix answers = compute.take(tokens.rows(), tokens.cols());
    for (int e = first; e < end; e++) {
      if (plan.count(e) > 0) {
        networks.get(e).close(projections, gated, plan.start(e) - start, plan.count(e), answers);
      }
    }
    projections.run();
    return answers;
  }
}
