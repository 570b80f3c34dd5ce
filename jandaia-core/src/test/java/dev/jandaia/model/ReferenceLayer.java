package dev.jandaia.model;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * A layer in float64, straight from the formulas: 4 query heads, 2 key/value heads of 6 elements,
 * RoPE with base 100. Rows are tokens.
 */
final class ReferenceLayer {
  private static final int HEADS = 4;
  private static final int KV_HEADS = 2;
  private static final int DIM = 6;
  private static final double EPSILON = 1e-3;

  private final SeededWeights weights;
  private final String path;

  boolean unitLength;
  double scale = 1 / Math.sqrt(DIM);
  double scoreCap;
  double[] slopes = {};
  int window = Integer.MAX_VALUE;
  boolean sandwich;
  int experts;
  double routerCap;
  DoubleUnaryOperator activation = z -> z;
  DoubleUnaryOperator logits = z -> z;

  ReferenceLayer(SeededWeights weights, String path) {
    this.weights = weights;
    this.path = path;
  }

  /** The same layer with the parameters below another path. */
  ReferenceLayer at(String other) {
    ReferenceLayer layer = new ReferenceLayer(weights, other);
    layer.unitLength = unitLength;
    layer.scale = scale;
    layer.scoreCap = scoreCap;
    layer.slopes = slopes;
    layer.window = window;
    layer.sandwich = sandwich;
    layer.experts = experts;
    layer.routerCap = routerCap;
    layer.activation = activation;
    return layer;
  }

  double[][] apply(double[][] x) {
    double[][] mixed = attention(rms("mixerNorm", x));
    x = add(x, sandwich ? rms("mixerPostNorm", mixed) : mixed);
    double[][] transformed = feedForward(rms("feedForwardNorm", x));
    return add(x, sandwich ? rms("feedForwardPostNorm", transformed) : transformed);
  }

  private double[][] attention(double[][] x) {
    double[][] q = heads(linear("mixer.query", x));
    double[][] k = heads(linear("mixer.key", x));
    double[][] v = linear("mixer.value", x);
    double g =
        weights.has(path + "mixer.scoreNorm.weight")
            ? weights.vector(path + "mixer.scoreNorm.weight")[0]
            : 1;
    double[][] out = new double[x.length][HEADS * DIM];
    for (int t = 0; t < x.length; t++) {
      for (int head = 0; head < HEADS; head++) {
        int kvHead = head * KV_HEADS / HEADS;
        double[] w = new double[t + 1];
        for (int s = Math.max(0, t - window + 1); s <= t; s++) {
          double score = 0;
          for (int d = 0; d < DIM; d++) {
            score += g * scale * q[t][head * DIM + d] * k[s][kvHead * DIM + d];
          }
          score = cap(score, scoreCap);
          w[s] =
              slopes.length == 0
                  ? Math.exp(score)
                  : 1 / (1 + Math.exp(-score - slopes[head] * (t - s)));
        }
        double sum = slopes.length == 0 ? Arrays.stream(w).sum() : 1;
        for (int s = 0; s <= t; s++) {
          for (int d = 0; d < DIM; d++) {
            out[t][head * DIM + d] += w[s] / sum * v[s][kvHead * DIM + d];
          }
        }
      }
    }
    return linear("mixer.output", out);
  }

  /** Heads rotated, and of length 1 where that is asked for. */
  private double[][] heads(double[][] x) {
    double[][] y = new double[x.length][x[0].length];
    for (int t = 0; t < x.length; t++) {
      for (int start = 0; start < x[t].length; start += DIM) {
        double squares = 0;
        for (int d = 0; d < DIM; d++) {
          squares += x[t][start + d] * x[t][start + d];
        }
        double length = unitLength ? Math.sqrt(squares) : 1;
        for (int i = 0; i < DIM / 2; i++) {
          double angle = t * Math.pow(100, -2.0 * i / DIM);
          double a = x[t][start + i] / length;
          double b = x[t][start + i + DIM / 2] / length;
          y[t][start + i] = a * Math.cos(angle) - b * Math.sin(angle);
          y[t][start + i + DIM / 2] = b * Math.cos(angle) + a * Math.sin(angle);
        }
      }
    }
    return y;
  }

  private double[][] feedForward(double[][] x) {
    if (experts == 0) {
      return gated("feedForward", x);
    }
    double[][] out = gated("feedForward.dense", x);
    double[][] logitRows = linear("feedForward.moe.router", x);
    for (int t = 0; t < x.length; t++) {
      double[] capped = Arrays.stream(logitRows[t]).map(z -> cap(z, routerCap)).toArray();
      double sum = Arrays.stream(capped).map(Math::exp).sum();
      int[] best =
          IntStream.range(0, experts)
              .boxed()
              .sorted(Comparator.comparingDouble(e -> -capped[e]))
              .limit(2)
              .mapToInt(e -> e)
              .toArray();
      for (int expert : best) {
        double[] said = gated("feedForward.moe.experts." + expert, new double[][] {x[t]})[0];
        for (int c = 0; c < said.length; c++) {
          out[t][c] += Math.exp(capped[expert]) / sum * said[c];
        }
      }
    }
    return map(out, z -> z / Math.sqrt(2));
  }

  private double[][] gated(String name, double[][] x) {
    double[][] gate = map(linear(name + ".gate", x), activation);
    double[][] up = linear(name + ".up", x);
    for (int t = 0; t < x.length; t++) {
      for (int i = 0; i < up[t].length; i++) {
        up[t][i] *= gate[t][i];
      }
    }
    return linear(name + ".down", up);
  }

  double[][] linear(String name, double[][] x) {
    double[][] w = weights.rows(path + name + ".weight");
    double[][] y = new double[x.length][w.length];
    for (int t = 0; t < x.length; t++) {
      for (int o = 0; o < w.length; o++) {
        for (int i = 0; i < w[o].length; i++) {
          y[t][o] += w[o][i] * x[t][i];
        }
      }
    }
    return y;
  }

  double[][] rms(String name, double[][] x) {
    double[] w = weights.vector(path + name + ".weight");
    double[][] y = new double[x.length][w.length];
    for (int t = 0; t < x.length; t++) {
      double mean = Arrays.stream(x[t]).map(z -> z * z).average().orElseThrow();
      for (int i = 0; i < w.length; i++) {
        y[t][i] = x[t][i] / Math.sqrt(mean + EPSILON) * w[i];
      }
    }
    return y;
  }

  static double[][] map(double[][] x, DoubleUnaryOperator function) {
    return Arrays.stream(x)
        .map(row -> Arrays.stream(row).map(function).toArray())
        .toArray(double[][]::new);
  }

  private static double[][] add(double[][] x, double[][] y) {
    double[][] sum = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      double[] left = x[t];
      double[] right = y[t];
      sum[t] = new double[left.length];
      Arrays.setAll(sum[t], i -> left[i] + right[i]);
    }
    return sum;
  }

  private static double cap(double z, double cap) {
    return cap == 0 ? z : cap * Math.tanh(z / cap);
  }
}
