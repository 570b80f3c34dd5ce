package dev.jandaia.convert;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.load.LoadedModel;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.tensor.JandaiaException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How far the numbers of two models are apart on the same tokens, as relative norms ‖b − a‖/‖a‖.
 * Each model runs on its own hidden states, so that later layers show what earlier ones lost too.
 *
 * @param attention of the outputs of each layer's mixer
 * @param allAttention of all of them together
 * @param logits of the logits of all positions
 * @param sameToken share of positions whose likeliest next token is the same
 */
public record Difference(
    List<Double> attention, double allAttention, double logits, double sameToken) {

  private record Outputs(List<float[]> mixers, float[] logits) {}

  /**
   * Runs both.
   *
   * @param ids a sequence
   * @throws JandaiaException if an id is outside the vocabulary
   */
  public static Difference of(LoadedModel a, LoadedModel b, int[] ids, Workers workers) {
    Outputs first = run(a.model(), ids, workers);
    Outputs second = run(b.model(), ids, workers);
    List<Double> attention = new ArrayList<>();
    double apart = 0;
    double size = 0;
    for (int i = 0; i < first.mixers().size(); i++) {
      float[] x = first.mixers().get(i);
      float[] y = second.mixers().get(i);
      attention.add(relative(distance(x, y), distance(x, new float[x.length])));
      apart += distance(x, y);
      size += distance(x, new float[x.length]);
    }
    float[] x = first.logits();
    return new Difference(
        attention,
        relative(apart, size),
        relative(distance(x, second.logits()), distance(x, new float[x.length])),
        sameToken(x, second.logits(), ids.length));
  }

  /** For people, a line each. */
  public List<String> rows() {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < attention.size(); i++) {
      rows.add(row("attention of layer " + i, attention.get(i)));
    }
    rows.add(row("attention of all layers", allAttention));
    rows.add(row("logits", logits));
    rows.add(String.format(Locale.ROOT, "same likeliest token: %.1f%%", 100 * sameToken));
    return rows;
  }

  private static String row(String name, double value) {
    return String.format(Locale.ROOT, "%s: %.3g", name, value);
  }

  private static Outputs run(LanguageModel model, int[] ids, Workers workers) {
    Compute compute = new Compute(Kernels.best(), workers);
    List<float[]> mixers = new ArrayList<>();
    Batch batch = new Batch();
    batch.handover().watch((layer, y) -> mixers.add(copy(y)));
    batch.add(SequenceCache.none(model.spec()), ids, 0, ids.length);
    Matrix hidden = model.hidden(compute, batch, LanguageModel.Observer.NONE);
    return new Outputs(mixers, copy(model.logits(compute, hidden)));
  }

  private static float[] copy(Matrix matrix) {
    int start = matrix.offset(0);
    return Arrays.copyOfRange(matrix.data(), start, start + matrix.size());
  }

  /** Σ (x − y)². */
  private static double distance(float[] x, float[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      double apart = (double) x[i] - y[i];
      sum += apart * apart;
    }
    return sum;
  }

  private static double relative(double squaresApart, double squares) {
    return squares == 0 ? 0 : Math.sqrt(squaresApart / squares);
  }

  private static double sameToken(float[] x, float[] y, int rows) {
    int same = 0;
    int width = x.length / rows;
    for (int row = 0; row < rows; row++) {
      same += best(x, row * width, width) == best(y, row * width, width) ? 1 : 0;
    }
    return (double) same / rows;
  }

  private static int best(float[] logits, int from, int width) {
    int best = from;
    for (int i = from; i < from + width; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best - from;
  }
}
