package dev.jandaia.train;

import dev.jandaia.model.TrainableWeights;
import dev.jandaia.op.MatrixParameter;
import dev.jandaia.op.VectorParameter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * What an optimiser moves: the values of a matrix or a vector, with their gradient.
 *
 * @param path canonical path in the spec
 * @param decays whether weight decay applies: to matrices, not to norms and biases
 * @param values f32
 * @param grad ∂loss/∂values
 */
record TrainableParameter(String path, boolean decays, MemorySegment values, float[] grad) {

  /** All parameters that a model has asked for, matrices first. */
  static List<TrainableParameter> of(TrainableWeights weights) {
    List<TrainableParameter> parameters = new ArrayList<>();
    for (MatrixParameter m : weights.matrices()) {
      parameters.add(new TrainableParameter(m.path(), true, m.tensor().data(), m.grad()));
    }
    for (VectorParameter v : weights.vectors()) {
      MemorySegment values = MemorySegment.ofArray(v.values());
      parameters.add(new TrainableParameter(v.path(), false, values, v.grad()));
    }
    return parameters;
  }

  int size() {
    return grad.length;
  }

  /** A copy of the values. */
  float[] copy() {
    return values.toArray(ValueLayout.JAVA_FLOAT);
  }

  /** Copies elements {@code from} … {@code from + count − 1} to the start of {@code target}. */
  void read(int from, int count, float[] target) {
    MemorySegment.copy(values, ValueLayout.JAVA_FLOAT, 4L * from, target, 0, count);
  }

  /** Copies the start of {@code source} to elements {@code from} … {@code from + count − 1}. */
  void write(int from, int count, float[] source) {
    MemorySegment.copy(source, 0, values, ValueLayout.JAVA_FLOAT, 4L * from, count);
  }
}
