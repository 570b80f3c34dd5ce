package dev.jandaia.train;

import dev.jandaia.kernel.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Adam with decoupled weight decay (1711.05101). With the gradient g of step t:
 *
 * <pre>
 *   m ← β₁·m + (1 − β₁)·g
 *   v ← β₂·v + (1 − β₂)·g²
 *   w ← (1 − rate·decay)·w − rate·(m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
 * </pre>
 *
 * All state is f32. The parameters are cut into pieces that threads share; results do not depend on
 * how many threads there are.
 */
final class AdamW {
  private static final int PIECE = 8 * 1024;

  /**
   * @param beta1 memory of the mean gradient
   * @param beta2 memory of the mean squared gradient
   * @param epsilon added to the root of the mean squared gradient
   * @param weightDecay of the parameters that decay
   */
  record Options(double beta1, double beta2, double epsilon, double weightDecay) {}

  /** A parameter's two moments. */
  record Moments(float[] mean, float[] square) {}

  /** Elements {@code from} … {@code to − 1} of one parameter. */
  private record Piece(TrainableParameter parameter, Moments moments, int from, int to) {}

  private final Options options;
  private final Workers workers;
  private final List<Moments> moments = new ArrayList<>();
  private final List<Piece> pieces = new ArrayList<>();
  private final double[] partialNorms;
  private final float[][] scratch;
  private int steps;

  AdamW(List<TrainableParameter> parameters, Options options, Workers workers) {
    this.options = options;
    this.workers = workers;
    for (TrainableParameter parameter : parameters) {
      int size = parameter.size();
      Moments state = new Moments(new float[size], new float[size]);
      moments.add(state);
      for (int from = 0; from < size; from += PIECE) {
        pieces.add(new Piece(parameter, state, from, Math.min(size, from + PIECE)));
      }
    }
    partialNorms = new double[pieces.size()];
    scratch = new float[workers.count()][PIECE];
  }

  /** The moments of each parameter, in the order given. */
  List<Moments> moments() {
    return moments;
  }

  /** Steps taken so far. */
  int steps() {
    return steps;
  }

  /** Continues as if {@code count} steps had been taken. */
  void resumeAfter(int count) {
    steps = count;
  }

  /** The Euclidean norm of all gradients together. */
  double gradientNorm() {
    workers.run(
        pieces.size(),
        1,
        (from, to, worker) -> {
          for (int i = from; i < to; i++) {
            partialNorms[i] = sumOfSquares(pieces.get(i));
          }
        });
    return Math.sqrt(Arrays.stream(partialNorms).sum());
  }

  private static double sumOfSquares(Piece piece) {
    float[] grad = piece.parameter().grad();
    double sum = 0;
    for (int i = piece.from(); i < piece.to(); i++) {
      sum += (double) grad[i] * grad[i];
    }
    return sum;
  }

  /**
   * Moves every parameter by one step and sets its gradient to zero.
   *
   * @param gradientScale factor on the gradients, for clipping
   */
  void step(double rate, double gradientScale) {
    steps++;
    double correction1 = 1 - Math.pow(options.beta1(), steps);
    double correction2 = 1 - Math.pow(options.beta2(), steps);
    Update update =
        new Update(
            (float) options.beta1(),
            (float) (1 - options.beta1()),
            (float) options.beta2(),
            (float) (1 - options.beta2()),
            (float) (rate / correction1),
            (float) (1 / Math.sqrt(correction2)),
            (float) options.epsilon(),
            (float) gradientScale);
    float decay = (float) (1 - rate * options.weightDecay());
    workers.run(
        pieces.size(),
        1,
        (from, to, worker) -> {
          for (Piece piece : pieces.subList(from, to)) {
            move(piece, update, piece.parameter().decays() ? decay : 1, scratch[worker]);
          }
        });
  }

  private static void move(Piece piece, Update update, float decay, float[] values) {
    TrainableParameter parameter = piece.parameter();
    int count = piece.to() - piece.from();
    parameter.read(piece.from(), count, values);
    update.apply(values, decay, parameter.grad(), piece.moments(), piece.from(), count);
    parameter.write(piece.from(), count, values);
    Arrays.fill(parameter.grad(), piece.from(), piece.to(), 0f);
  }

  /** The constants of one step. */
  private record Update(
      float beta1,
      float rest1,
      float beta2,
      float rest2,
      float stepSize,
      float inverseRootCorrection2,
      float epsilon,
      float gradientScale) {

    /** One loop over plain arrays, which the compiler turns into vector instructions. */
    void apply(float[] w, float decay, float[] grad, Moments moments, int offset, int count) {
      float[] mean = moments.mean();
      float[] square = moments.square();
      float b1 = beta1;
      float r1 = rest1;
      float b2 = beta2;
      float r2 = rest2;
      float size = stepSize;
      float root = inverseRootCorrection2;
      float eps = epsilon;
      float scale = gradientScale;
      for (int i = 0; i < count; i++) {
        float g = grad[offset + i] * scale;
        float m = b1 * mean[offset + i] + r1 * g;
        float v = b2 * square[offset + i] + r2 * g * g;
        mean[offset + i] = m;
        square[offset + i] = v;
        w[i] = decay * w[i] - size * m / ((float) Math.sqrt(v) * root + eps);
      }
    }
  }
}
