package dev.jandaia.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.model.SpecZoo.Named;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.CrossEntropy;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.MatrixParameter;
import dev.jandaia.op.VectorParameter;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Gradients of whole models for which no reference has recorded any: a small step of each parameter
 * along its gradient changes the loss by as much as the gradient says. What it cannot see, a part
 * of a gradient at right angles to the whole, the tests of the single operations do.
 */
class WholeModelGradientTest {
  private static final int[] IDS = RandomModel.ids(23, 7);

  /**
   * Changes of the loss that steps aim at, of which one must agree: on a large step the slope
   * changes, a small one drowns in rounding.
   */
  private static final double[] CHANGES = {2e-3, 5e-4, 1e-4, 3e-5};

  private static final double TOLERANCE = 0.03;

  private interface Values {
    float get(int i);

    void set(int i, float value);
  }

  private record Parameter(String path, Values values, float[] grad) {}

  /** Where there is a choice of experts or entries all are chosen: a choice has no slope. */
  private static Stream<Named> models() {
    return Stream.of(
        SpecZoo.compressed("hyper-connected-compressed", 8, 1000),
        SpecZoo.byName("streams-shortcut-sparse"));
  }

  @ParameterizedTest
  @MethodSource("models")
  void aStepAlongTheGradientChangesTheLossAsItSays(Named named) {
    TrainableWeights weights = RandomModel.weights(Kernels.scalar());
    LanguageModel model = new LanguageModel(named.spec(), weights);
    try (Workers workers = Workers.of(1)) {
      Compute compute = new Compute(Kernels.scalar(), workers);
      loss(model, compute, true);
      List<String> still = new ArrayList<>();
      for (Parameter parameter : parameters(weights)) {
        double norm = norm(parameter.grad());
        if (norm == 0) {
          still.add(parameter.path());
        } else {
          double error = error(model, compute, parameter, norm);
          assertTrue(error <= TOLERANCE, parameter.path() + ": off by " + error);
        }
      }
      for (String path : still) {
        // No gradient passes through a choice, nor to what no token of the sequence uses.
        assertTrue(path.matches(".*(indexer|router\\.correction|experts\\.\\d).*"), path);
      }
    }
  }

  /** The least relative difference between slope and gradient. */
  private static double error(
      LanguageModel model, Compute compute, Parameter parameter, double norm) {
    double least = Double.POSITIVE_INFINITY;
    for (double change : CHANGES) {
      double slope = slope(model, compute, parameter, norm, change);
      least = Math.min(least, Math.abs(slope - norm) / norm);
    }
    return least;
  }

  private static double slope(
      LanguageModel model, Compute compute, Parameter parameter, double norm, double change) {
    float[] start = new float[parameter.grad().length];
    for (int i = 0; i < start.length; i++) {
      start[i] = parameter.values().get(i);
    }
    double step = change / norm;
    double after = at(model, compute, parameter, start, step / norm);
    double before = at(model, compute, parameter, start, -step / norm);
    at(model, compute, parameter, start, 0);
    return (after - before) / (2 * step);
  }

  private static double at(
      LanguageModel model, Compute compute, Parameter parameter, float[] start, double step) {
    for (int i = 0; i < start.length; i++) {
      parameter.values().set(i, (float) (start[i] + step * parameter.grad()[i]));
    }
    return loss(model, compute, false);
  }

  private static double loss(LanguageModel model, Compute compute, boolean backward) {
    Batch batch = new Batch();
    batch.add(SequenceCache.none(model.spec()), IDS, 0, IDS.length);
    int[] targets = Arrays.copyOfRange(IDS, 1, IDS.length + 1);
    targets[IDS.length - 1] = CrossEntropy.IGNORE;
    int mark = compute.mark();
    compute.startRecording();
    Matrix hidden = model.hidden(compute, batch, LanguageModel.Observer.NONE);
    double loss = CrossEntropy.apply(compute, model.logits(compute, hidden), targets);
    if (backward) {
      compute.backward(mark);
    } else {
      compute.stopRecording(mark);
    }
    return loss;
  }

  private static List<Parameter> parameters(TrainableWeights weights) {
    List<Parameter> parameters = new ArrayList<>();
    for (MatrixParameter matrix : weights.matrices()) {
      var memory = matrix.tensor().data();
      Values values =
          new Values() {
            @Override
            public float get(int i) {
              return memory.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            }

            @Override
            public void set(int i, float value) {
              memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
            }
          };
      parameters.add(new Parameter(matrix.path(), values, matrix.grad().clone()));
    }
    for (VectorParameter vector : weights.vectors()) {
      Values values =
          new Values() {
            @Override
            public float get(int i) {
              return vector.values()[i];
            }

            @Override
            public void set(int i, float value) {
              vector.values()[i] = value;
            }
          };
      parameters.add(new Parameter(vector.path(), values, vector.grad().clone()));
    }
    return parameters;
  }

  private static double norm(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }
}
