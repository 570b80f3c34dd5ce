package dev.jandaia.load;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * Modules for multi-token prediction in float64, straight from the papers, on tensors by their
 * published names. Rows are positions.
 *
 * @param tensors elements by name, row-major
 * @param onePlus whether the gain of norms is 1 + w
 * @param epsilon of the norms that are not of latents
 */
record PredictionReference(Map<String, float[]> tensors, boolean onePlus, double epsilon) {

  /** Where a module's tensors lie. */
  record Names(String layer, String embedding, String hidden, String projection, String norm) {}

  /** Attention on normalised rows, below a layer's name. */
  interface Attention {
    double[][] apply(String layer, double[][] x);
  }

  /** The router's way from scores of experts to their weights; zero for those left out. */
  interface Routing {
    double[] weights(String layer, double[] logits);
  }

  /** Normalised outputs of one module. */
  double[][] module(
      Names names, int[] next, double[][] hidden, Attention attention, Routing routing) {
    double[][] both = new double[next.length][];
    double[][] table = rows("model.embed_tokens.weight", hidden[0].length);
    for (int i = 0; i < next.length; i++) {
      double[] e = rms(names.embedding(), table[next[i]], epsilon);
      double[] h = rms(names.hidden(), hidden[i], epsilon);
      both[i] = concat(e, h);
    }
    double[][] x = linear(names.projection(), both);
    String layer = names.layer();
    x = add(x, attention.apply(layer, rms(layer + "input_layernorm", x)));
    double[][] n = rms(layer + "post_attention_layernorm", x);
    double[][] y = new double[x.length][];
    for (int i = 0; i < x.length; i++) {
      y[i] = experts(layer, n[i], routing);
    }
    return rms(names.norm(), add(x, y));
  }

  /** Multi-head latent attention with compressed queries. */
  double[][] latent(String layer, double[][] x, int heads, int nope, int rope, int value) {
    String at = layer + "self_attn.";
    double[][] q =
        linear(at + "q_b_proj", rms(at + "q_a_layernorm", linear(at + "q_a_proj", x), 1e-6));
    double[][] compressed = linear(at + "kv_a_proj_with_mqa", x);
    int rank = compressed[0].length - rope;
    double[][] latents = new double[x.length][];
    double[][] shared = new double[x.length][];
    for (int i = 0; i < x.length; i++) {
      latents[i] = rms(at + "kv_a_layernorm", Arrays.copyOf(compressed[i], rank), 1e-6);
      shared[i] = neighbours(Arrays.copyOfRange(compressed[i], rank, rank + rope), i);
    }
    double[][] up = linear(at + "kv_b_proj", latents);
    double[][] out = new double[x.length][heads * value];
    for (int head = 0; head < heads; head++) {
      double[][] queries = new double[x.length][];
      double[][] keys = new double[x.length][];
      double[][] values = new double[x.length][];
      for (int i = 0; i < x.length; i++) {
        int start = head * (nope + rope);
        double[] rotated =
            neighbours(Arrays.copyOfRange(q[i], start + nope, start + nope + rope), i);
        queries[i] = concat(Arrays.copyOfRange(q[i], start, start + nope), rotated);
        int from = head * (nope + value);
        keys[i] = concat(Arrays.copyOfRange(up[i], from, from + nope), shared[i]);
        values[i] = Arrays.copyOfRange(up[i], from + nope, from + nope + value);
      }
      attend(queries, keys, values, out, head * value);
    }
    return linear(at + "o_proj", out);
  }

  /** Grouped queries with QK-norm, RoPE on the first {@code rotary} elements, perhaps gated. */
  double[][] grouped(
      String layer, double[][] x, int heads, int kvHeads, int dim, int rotary, boolean gated) {
    String at = layer + "self_attn.";
    double[][] q = linear(at + "q_proj", x);
    double[][] k = linear(at + "k_proj", x);
    double[][] v = linear(at + "v_proj", x);
    int step = gated ? 2 * dim : dim;
    double[][] out = new double[x.length][heads * dim];
    for (int head = 0; head < heads; head++) {
      double[][] queries = new double[x.length][];
      double[][] keys = new double[x.length][];
      double[][] values = new double[x.length][];
      for (int i = 0; i < x.length; i++) {
        int kv = head * kvHeads / heads * dim;
        queries[i] = head(at + "q_norm", q[i], head * step, dim, rotary, i);
        keys[i] = head(at + "k_norm", k[i], kv, dim, rotary, i);
        values[i] = Arrays.copyOfRange(v[i], kv, kv + dim);
      }
      attend(queries, keys, values, out, head * dim);
      for (int i = 0; gated && i < x.length; i++) {
        for (int d = 0; d < dim; d++) {
          out[i][head * dim + d] *= sigmoid(q[i][head * step + dim + d]);
        }
      }
    }
    return linear(at + "o_proj", out);
  }

  private double[] head(String norm, double[] x, int from, int dim, int rotary, int position) {
    double[] y = rms(norm, Arrays.copyOfRange(x, from, from + dim), epsilon);
    for (int i = 0; i < rotary / 2; i++) {
      double angle = position * Math.pow(10_000, -2.0 * i / rotary);
      double a = y[i];
      double b = y[i + rotary / 2];
      y[i] = a * Math.cos(angle) - b * Math.sin(angle);
      y[i + rotary / 2] = b * Math.cos(angle) + a * Math.sin(angle);
    }
    return y;
  }

  private static double[] neighbours(double[] x, int position) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i += 2) {
      double angle = position * Math.pow(10_000, -(double) i / x.length);
      y[i] = x[i] * Math.cos(angle) - x[i + 1] * Math.sin(angle);
      y[i + 1] = x[i + 1] * Math.cos(angle) + x[i] * Math.sin(angle);
    }
    return y;
  }

  private static void attend(
      double[][] queries, double[][] keys, double[][] values, double[][] out, int column) {
    for (int t = 0; t < queries.length; t++) {
      double[] weights = new double[t + 1];
      for (int s = 0; s <= t; s++) {
        weights[s] = Math.exp(dot(queries[t], keys[s]) / Math.sqrt(keys[s].length));
      }
      double sum = Arrays.stream(weights).sum();
      for (int s = 0; s <= t; s++) {
        for (int d = 0; d < values[s].length; d++) {
          out[t][column + d] += weights[s] / sum * values[s][d];
        }
      }
    }
  }

  private double[] experts(String layer, double[] x, Routing routing) {
    double[][] one = {x};
    double[] weights = routing.weights(layer, linear(layer + "mlp.gate", one)[0]);
    double[] sum = new double[x.length];
    for (int expert = 0; expert < weights.length; expert++) {
      if (weights[expert] != 0) {
        addTo(sum, weights[expert], gated(layer + "mlp.experts." + expert, one));
      }
    }
    if (tensors.containsKey(layer + "mlp.shared_expert_gate.weight")) {
      double gate = sigmoid(linear(layer + "mlp.shared_expert_gate", one)[0][0]);
      addTo(sum, gate, gated(layer + "mlp.shared_expert", one));
    } else {
      addTo(sum, 1, gated(layer + "mlp.shared_experts", one));
    }
    return sum;
  }

  /** DeepSeek-V3: sigmoid scores, groups by their best two, a bias that only chooses. */
  double[] balanced(String layer, double[] logits, int groups, int kept, int topK, double scale) {
    float[] bias = tensors.get(layer + "mlp.gate.e_score_correction_bias");
    double[] scores = Arrays.stream(logits).map(PredictionReference::sigmoid).toArray();
    double[] choice = new double[scores.length];
    Arrays.setAll(choice, e -> scores[e] + bias[e]);
    int size = scores.length / groups;
    double[] best = new double[groups];
    for (int g = 0; g < groups; g++) {
      double[] sorted = Arrays.copyOfRange(choice, g * size, (g + 1) * size);
      Arrays.sort(sorted);
      best[g] = sorted[size - 1] + sorted[size - 2];
    }
    int[] open = highest(best, kept);
    for (int e = 0; e < choice.length; e++) {
      int group = e / size;
      if (Arrays.stream(open).noneMatch(g -> g == group)) {
        choice[e] = Double.NEGATIVE_INFINITY;
      }
    }
    return normalised(scores, highest(choice, topK), scale);
  }

  /** Qwen3-Next: the best of a softmax, made to sum to one. */
  static double[] softmax(double[] logits, int topK) {
    double[] scores = Arrays.stream(logits).map(Math::exp).toArray();
    return normalised(scores, highest(scores, topK), 1);
  }

  private static double[] normalised(double[] scores, int[] chosen, double scale) {
    double sum = Arrays.stream(chosen).mapToDouble(e -> scores[e]).sum();
    double[] weights = new double[scores.length];
    for (int e : chosen) {
      weights[e] = scores[e] / sum * scale;
    }
    return weights;
  }

  private static int[] highest(double[] scores, int count) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble(e -> -scores[e]))
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private double[] gated(String name, double[][] one) {
    DoubleUnaryOperator silu = z -> z * sigmoid(z);
    double[] gate = linear(name + ".gate_proj", one)[0];
    double[] up = linear(name + ".up_proj", one)[0];
    for (int i = 0; i < up.length; i++) {
      up[i] *= silu.applyAsDouble(gate[i]);
    }
    return linear(name + ".down_proj", new double[][] {up})[0];
  }

  /** x·Wᵀ (+ b). */
  double[][] linear(String name, double[][] x) {
    double[][] w = rows(name + ".weight", x[0].length);
    float[] bias = tensors.getOrDefault(name + ".bias", new float[w.length]);
    double[][] y = new double[x.length][w.length];
    for (int i = 0; i < x.length; i++) {
      for (int o = 0; o < w.length; o++) {
        y[i][o] = dot(w[o], x[i]) + bias[o];
      }
    }
    return y;
  }

  private double[][] rms(String name, double[][] x) {
    return Arrays.stream(x).map(row -> rms(name, row, epsilon)).toArray(double[][]::new);
  }

  private double[][] rms(String name, double[][] x, double eps) {
    return Arrays.stream(x).map(row -> rms(name, row, eps)).toArray(double[][]::new);
  }

  private double[] rms(String name, double[] x, double eps) {
    float[] w = tensors.get(name + ".weight");
    double mean = dot(x, x) / x.length;
    double[] y = new double[x.length];
    Arrays.setAll(y, i -> x[i] / Math.sqrt(mean + eps) * (onePlus ? 1 + w[i] : w[i]));
    return y;
  }

  private double[][] rows(String name, int cols) {
    float[] all = tensors.get(name);
    double[][] rows = new double[all.length / cols][cols];
    for (int i = 0; i < all.length; i++) {
      rows[i / cols][i % cols] = all[i];
    }
    return rows;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double[] concat(double[] a, double[] b) {
    double[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static double[][] add(double[][] x, double[][] y) {
    double[][] sum = new double[x.length][];
    for (int i = 0; i < x.length; i++) {
      sum[i] = x[i].clone();
      addTo(sum[i], 1, y[i]);
    }
    return sum;
  }

  private static void addTo(double[] sum, double factor, double[] x) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * x[i];
    }
  }

  private static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }
}
