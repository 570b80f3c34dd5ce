package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;
import java.util.Arrays;

/** One token's change of one head's state, {@code [keyDim, valueDim]}, in {@link DeltaRule}. */
final class DeltaStep {
  private Kernels kernels;
  private DeltaShape shape;
  private Matrix q;
  private Matrix k;
  private Matrix v;
  private Matrix decay;
  private Matrix beta;

  void set(
      Kernels newKernels,
      DeltaShape newShape,
      Matrix queries,
      Matrix keys,
      Matrix values,
      Matrix decays,
      Matrix betas) {
    kernels = newKernels;
    shape = newShape;
    q = queries;
    k = keys;
    v = values;
    decay = decays;
    beta = betas;
  }

  DeltaShape shape() {
    return shape;
  }

  Matrix q() {
    return q;
  }

  Matrix k() {
    return k;
  }

  Matrix v() {
    return v;
  }

  Matrix decay() {
    return decay;
  }

  Matrix beta() {
    return beta;
  }

  /** Index of the query, and of the key, that a value head uses. */
  int key(int row, int head) {
    return k.offset(row) + shape.keyHead(head) * shape.keyDim();
  }

  int value(int row, int head) {
    return v.offset(row) + head * shape.valueDim();
  }

  int factor(int row, int head) {
    return decay.offset(row) + head * shape.decayDim();
  }

  float strength(int row, int head) {
    return beta.data()[beta.offset(row) + head];
  }

  /** S ← diag(α)·S. */
  void decay(int row, int head, float[] state, int offset) {
    int factor = factor(row, head);
    if (shape.decayDim() == 1) {
      kernels.scale(decay.data()[factor], state, offset, shape.stateSize());
      return;
    }
    for (int i = 0; i < shape.keyDim(); i++) {
      kernels.scale(
          decay.data()[factor + i], state, offset + i * shape.valueDim(), shape.valueDim());
    }
  }

  /** error = v − Sᵀk of the decayed state. */
  void error(int row, int head, float[] state, int offset, float[] error) {
    int valueDim = shape.valueDim();
    int value = value(row, head);
    Arrays.fill(error, 0, valueDim, 0);
    kernels.weightedSum(
        k.data(), key(row, head), state, offset, valueDim, shape.keyDim(), valueDim, error, 0);
    for (int j = 0; j < valueDim; j++) {
      error[j] = v.data()[value + j] - error[j];
    }
  }

  /** S ← S + k·correctionᵀ. */
  void write(int row, int head, float[] state, int offset, float[] correction) {
    int key = key(row, head);
    for (int i = 0; i < shape.keyDim(); i++) {
      int target = offset + i * shape.valueDim();
      kernels.axpy(k.data()[key + i], correction, 0, state, target, shape.valueDim());
    }
  }

  /** Decay, then correct: leaves β·(v − Sᵀk) in {@code correction}. */
  void update(int row, int head, float[] state, int offset, float[] correction) {
    decay(row, head, state, offset);
    error(row, head, state, offset, correction);
    kernels.scale(strength(row, head), correction, 0, shape.valueDim());
    write(row, head, state, offset, correction);
  }

  /** o += Sᵀq. */
  void read(int row, int head, float[] state, int offset, Matrix out) {
    int valueDim = shape.valueDim();
    kernels.weightedSum(
        q.data(),
        key(row, head),
        state,
        offset,
        valueDim,
        shape.keyDim(),
        valueDim,
        out.data(),
        value(row, head));
  }
}
