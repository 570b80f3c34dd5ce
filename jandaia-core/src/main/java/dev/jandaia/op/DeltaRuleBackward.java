package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;
import java.util.Arrays;

/**
 * The backward pass of {@link DeltaRule} over sequences seen whole. With S' = diag(α)·S₋, e = v −
 * S'ᵀk, d = β·e, S = S' + k·dᵀ and o = Sᵀq, and dS what later tokens want of S:
 *
 * <ul>
 *   <li>dS += q·doᵀ, dq += S·do
 *   <li>dd = dSᵀk, dk += dS·d, dβ += dd·e, dv += β·dd
 *   <li>dk −= S'·β·dd, dS −= k·(β·dd)ᵀ
 *   <li>dα_i += dS_i·S₋_i, dS ← diag(α)·dS
 * </ul>
 *
 * <p>A first walk keeps every √T-th state; going back, those in between are computed from it, so
 * that memory grows with √T.
 */
final class DeltaRuleBackward {
  private final Compute compute;
  private final Kernels kernels;
  private final DeltaStep step;
  private final DeltaShape shape;
  private final WholeSequences sequences;
  private final Matrix out;
  private final int stride;

  DeltaRuleBackward(Compute compute, DeltaStep step, WholeSequences sequences, Matrix out) {
    this.compute = compute;
    this.kernels = compute.kernels();
    this.step = step;
    this.shape = step.shape();
    this.sequences = sequences;
    this.out = out;
    this.stride = (int) Math.ceil(Math.sqrt(sequences.longest()));
  }

  /** One item is one key head of one sequence, so that no two threads add to the same gradient. */
  void run() {
    int group = shape.valueHeads() / shape.keyHeads();
    long work = 9L * shape.stateSize() * sequences.longest() * group;
    compute.forEach(
        sequences.count() * shape.keyHeads(),
        work,
        (from, to, worker) -> {
          Scratch scratch = new Scratch();
          for (int item = from; item < to; item++) {
            int sequence = item / shape.keyHeads();
            int first = item % shape.keyHeads() * group;
            for (int head = first; head < first + group; head++) {
              head(sequence, head, scratch);
            }
          }
        });
  }

  /** Memory of one thread. */
  private final class Scratch {
    /** States before tokens 0, stride, 2·stride, … */
    private final float[][] kept = new float[stride + 1][shape.stateSize()];

    /** States before the tokens of one stretch, and after the last. */
    private final float[][] states = new float[stride + 1][shape.stateSize()];

    private final float[] dState = new float[shape.stateSize()];
    private final float[] decayed = new float[shape.stateSize()];
    private final float[] error = new float[shape.valueDim()];
    private final float[] dCorrection = new float[shape.valueDim()];
  }

  private void head(int sequence, int head, Scratch scratch) {
    int firstRow = sequences.firstRow(sequence);
    int rows = sequences.rowCount(sequence);
    keepStates(firstRow, rows, head, scratch);
    Arrays.fill(scratch.dState, 0);
    for (int from = (rows - 1) / stride * stride; from >= 0; from -= stride) {
      int count = Math.min(stride, rows - from);
      copy(scratch.kept[from / stride], scratch.states[0]);
      for (int t = 0; t < count; t++) {
        copy(scratch.states[t], scratch.states[t + 1]);
        step.update(firstRow + from + t, head, scratch.states[t + 1], 0, scratch.error);
      }
      for (int t = count - 1; t >= 0; t--) {
        token(firstRow + from + t, head, scratch.states[t], scratch.states[t + 1], scratch);
      }
    }
  }

  private void keepStates(int firstRow, int rows, int head, Scratch scratch) {
    float[] state = scratch.decayed;
    Arrays.fill(state, 0);
    for (int t = 0; t < rows; t++) {
      if (t % stride == 0) {
        copy(state, scratch.kept[t / stride]);
      }
      step.update(firstRow + t, head, state, 0, scratch.error);
    }
  }

  private void token(int row, int head, float[] before, float[] after, Scratch scratch) {
    copy(before, scratch.decayed);
    step.decay(row, head, scratch.decayed, 0);
    step.error(row, head, scratch.decayed, 0, scratch.error);
    readGradient(row, head, after, scratch.dState);
    correctionGradient(row, head, scratch);
    decayGradient(row, head, before, scratch.dState);
  }

  /** Through o = Sᵀq. */
  private void readGradient(int row, int head, float[] state, float[] dState) {
    int valueDim = shape.valueDim();
    int query = step.key(row, head);
    int result = step.value(row, head);
    for (int i = 0; i < shape.keyDim(); i++) {
      step.q().grad()[query + i] += kernels.dot(state, i * valueDim, out.grad(), result, valueDim);
      float q = step.q().data()[query + i];
      kernels.axpy(q, out.grad(), result, dState, i * valueDim, valueDim);
    }
  }

  /** Through S = S' + k·(β·(v − S'ᵀk))ᵀ. */
  private void correctionGradient(int row, int head, Scratch scratch) {
    int valueDim = shape.valueDim();
    int key = step.key(row, head);
    float[] dKey = step.k().grad();
    float[] dd = scratch.dCorrection;
    float beta = step.strength(row, head);
    Arrays.fill(dd, 0);
    kernels.weightedSum(
        step.k().data(), key, scratch.dState, 0, valueDim, shape.keyDim(), valueDim, dd, 0);
    for (int i = 0; i < shape.keyDim(); i++) {
      dKey[key + i] += beta * kernels.dot(scratch.dState, i * valueDim, scratch.error, 0, valueDim);
    }
    step.beta().grad()[step.beta().offset(row) + head] +=
        kernels.dot(dd, 0, scratch.error, 0, valueDim);
    kernels.scale(beta, dd, 0, valueDim);
    kernels.add(dd, 0, step.v().grad(), step.value(row, head), valueDim);
    for (int i = 0; i < shape.keyDim(); i++) {
      dKey[key + i] -= kernels.dot(scratch.decayed, i * valueDim, dd, 0, valueDim);
      kernels.axpy(-step.k().data()[key + i], dd, 0, scratch.dState, i * valueDim, valueDim);
    }
  }

  /** Through S' = diag(α)·S₋. */
  private void decayGradient(int row, int head, float[] before, float[] dState) {
    int valueDim = shape.valueDim();
    for (int i = 0; i < shape.keyDim(); i++) {
      step.decay().grad()[step.factor(row, head) + i * shape.decayStep()] +=
          kernels.dot(dState, i * valueDim, before, i * valueDim, valueDim);
    }
    step.decay(row, head, dState, 0);
  }

  private static void copy(float[] from, float[] to) {
    System.arraycopy(from, 0, to, 0, to.length);
  }
}
