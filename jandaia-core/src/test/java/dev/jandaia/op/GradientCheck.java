package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;

/**
 * Compares an f32 operation with a float64 twin of its forward pass: its values with the twin's,
 * and its gradients of the loss Σ c_i·y_i, c random, with central differences of the twin.
 */
final class GradientCheck {
  private static final double FORWARD_TOLERANCE = 1e-5;
  private static final double GRADIENT_TOLERANCE = 1e-4;
  private static final double STEP = 1e-5;

  /** Inputs up to this size are checked element by element, larger ones by samples. */
  private static final int EXHAUSTIVE = 100;

  private static final int SAMPLES = 20;
  private static final int DIRECTIONS = 4;

  /** What gradients hold before the backward pass, which must add and not overwrite. */
  private static final float BEFORE = 0.25f;

  private final Compute compute;
  private final Random random;
  private final List<Input> inputs = new ArrayList<>();

  /**
   * The float64 twin: from the values of all inputs, in the order of their making, to the output.
   */
  interface Twin {
    double[] apply(double[][] inputs);
  }

  /** An input as f32: its values and its gradient. */
  private record Input(float[] values, float[] grad) {}

  GradientCheck(Compute compute, long seed) {
    this.compute = compute;
    this.random = new Random(seed);
  }

  /** An activation with values from N(0, 1). */
  Matrix matrix(int rows, int cols) {
    return matrix(rows, cols, z -> z);
  }

  /** An activation with values from N(0, 1) sent through {@code shape}. */
  Matrix matrix(int rows, int cols, DoubleUnaryOperator shape) {
    Matrix matrix = Matrix.of(rows, cols);
    for (int i = 0; i < matrix.size(); i++) {
      matrix.data()[i] = (float) shape.applyAsDouble(random.nextGaussian());
    }
    inputs.add(new Input(matrix.data(), matrix.grad()));
    return matrix;
  }

  /** A trainable matrix with values from N(0, 1). */
  MatrixParameter weight(int rows, int cols) {
    float[] values = gaussians(rows * cols);
    Tensor tensor = new Tensor("w", DType.F32, Shape.of(rows, cols), MemorySegment.ofArray(values));
    MatrixParameter parameter = new MatrixParameter("w", tensor, compute.kernels());
    parameter.makeTrainable();
    inputs.add(new Input(values, parameter.grad()));
    return parameter;
  }

  /** A trainable vector with values from N(0, 1). */
  VectorParameter vector(int size) {
    VectorParameter parameter = new VectorParameter("v", gaussians(size));
    parameter.makeTrainable();
    inputs.add(new Input(parameter.values(), parameter.grad()));
    return parameter;
  }

  private float[] gaussians(int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Runs the operation forward and backward; afterwards all inputs are as before. */
  void check(Supplier<Matrix> operation, Twin twin) {
    double[][] values =
        inputs.stream().map(input -> widen(input.values())).toArray(double[][]::new);
    int mark = compute.mark();
    compute.startRecording();
    Matrix y = operation.get();
    float[] recorded = Arrays.copyOf(y.data(), y.size());
    assertForward(twin.apply(values), recorded);

    float[] slopes = gaussians(y.size());
    for (Input input : inputs) {
      Arrays.fill(input.grad(), BEFORE);
    }
    System.arraycopy(slopes, 0, y.grad(), 0, y.size());
    compute.backward(mark);
    for (int i = 0; i < inputs.size(); i++) {
      float before = inputs.get(i).grad() == y.grad() ? 0 : BEFORE;
      assertGradient(i, before, new Loss(twin, values, slopes));
    }
    assertInferenceGives(recorded, operation, values);
  }

  private static void assertForward(double[] expected, float[] actual) {
    assertEquals(expected.length, actual.length, "size of the output");
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < actual.length; i++) {
      assertEquals(expected[i], actual[i], FORWARD_TOLERANCE * largest + 1e-30, "output " + i);
    }
  }

  private void assertGradient(int index, float before, Loss loss) {
    float[] grad = inputs.get(index).grad();
    double[] analytic = new double[grad.length];
    for (int i = 0; i < grad.length; i++) {
      analytic[i] = (double) grad[i] - before;
    }
    double norm = norm(analytic);
    double squares = 0;
    double squaredErrors = 0;
    for (double[] direction : directions(grad.length)) {
      double difference = loss.difference(index, direction);
      double error = difference - dot(direction, analytic);
      assertTrue(
          Math.abs(error) <= GRADIENT_TOLERANCE * norm + 1e-5,
          () ->
              "input %d: slope %g, gradient gives %g"
                  .formatted(index, difference, difference - error));
      squares += difference * difference;
      squaredErrors += error * error;
    }
    double relative = Math.sqrt(squaredErrors) / (Math.sqrt(squares) + 0.1);
    assertTrue(
        relative <= GRADIENT_TOLERANCE,
        () -> "input %d: gradient off by %.3g".formatted(index, relative));
  }

  /** Each axis of a small input; of a large one some axes, and some directions across all. */
  private List<double[]> directions(int size) {
    List<double[]> directions = new ArrayList<>();
    boolean all = size <= EXHAUSTIVE;
    for (int i = 0; i < (all ? size : SAMPLES); i++) {
      double[] axis = new double[size];
      axis[all ? i : random.nextInt(size)] = 1;
      directions.add(axis);
    }
    for (int i = 0; i < (all ? 0 : DIRECTIONS); i++) {
      directions.add(random.doubles(size, -1, 1).toArray());
    }
    return directions;
  }

  private void assertInferenceGives(
      float[] recorded, Supplier<Matrix> operation, double[][] values) {
    for (int i = 0; i < values.length; i++) {
      float[] restored = inputs.get(i).values();
      for (int j = 0; j < restored.length; j++) {
        restored[j] = (float) values[i][j];
      }
    }
    int mark = compute.mark();
    Matrix y = operation.get();
    // Not to the bit: how a register's lanes are summed may change when a kernel is compiled, and
    // then a small sum differs as much as a large one does.
    float largest = 1;
    for (float value : recorded) {
      largest = Math.max(largest, Math.abs(value));
    }
    float tolerance = 1e-6f * largest;
    for (int i = 0; i < recorded.length; i++) {
      assertEquals(recorded[i], y.data()[i], tolerance, "inference and training differ");
    }
    compute.release(mark);
  }

  /** Σ c_i·y_i of the twin. */
  private record Loss(Twin twin, double[][] values, float[] slopes) {

    double difference(int index, double[] direction) {
      return (at(index, direction, STEP) - at(index, direction, -STEP)) / (2 * STEP);
    }

    private double at(int index, double[] direction, double step) {
      double[][] moved = values.clone();
      moved[index] = values[index].clone();
      for (int i = 0; i < direction.length; i++) {
        moved[index][i] += step * direction[i];
      }
      double[] y = twin.apply(moved);
      double loss = 0;
      for (int i = 0; i < y.length; i++) {
        loss += slopes[i] * y[i];
      }
      return loss;
    }
  }

  private static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }
}
