package dev.jandaia.load;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * DeepSeek-V4's modules for multi-token prediction in float64, on tensors by their published names:
 * n hyper-connected streams, attention to a window of single vectors, experts by the root of a
 * softplus. Rows are positions; a row of streams is [n·C].
 */
record ConnectedPredictionReference(Map<String, float[]> tensors, Sizes sizes) {

  /**
   * @param streams n
   * @param hidden C
   * @param rope elements of a head that turn, the last ones
   * @param limit of gates and of what they gate
   */
  record Sizes(
      int streams,
      int hidden,
      int heads,
      int headDim,
      int rope,
      int window,
      int groups,
      int topK,
      double expertScale,
      double limit,
      int iterations,
      double epsilon,
      double normEpsilon) {}

  /** The streams after module {@code module}, of tokens {@code next} and the streams before. */
  double[][] module(int module, int[] next, double[][] before) {
    String at = "mtp." + module + ".";
    double[][] x = new double[next.length][before[0].length];
    for (int i = 0; i < next.length; i++) {
      double[] token = product(at + "e_proj.weight", rms(at + "enorm.weight", embedding(next[i])));
      for (int s = 0; s < sizes.streams(); s++) {
        double[] known = product(at + "h_proj.weight", rms(at + "hnorm.weight", one(before[i], s)));
        for (int c = 0; c < sizes.hidden(); c++) {
          x[i][s * sizes.hidden() + c] = token[c] + known[c];
        }
      }
    }
    double[][] mixes = coefficients(at + "hc_attn", x);
    double[][] said = attention(at, normed(at + "attn_norm.weight", collapsed(x, mixes)));
    x = spread(x, said, mixes);
    mixes = coefficients(at + "hc_ffn", x);
    said = normed(at + "ffn_norm.weight", collapsed(x, mixes));
    for (int i = 0; i < said.length; i++) {
      said[i] = experts(at + "ffn.", said[i]);
    }
    return spread(x, said, mixes);
  }

  double[][] logits(int module, double[][] streams) {
    String at = "mtp." + module + ".";
    double scale = tensors.get(at + "hc_head_scale")[0];
    float[] base = tensors.get(at + "hc_head_base");
    double[][] logits = new double[streams.length][];
    for (int i = 0; i < streams.length; i++) {
      double[] weights = product(at + "hc_head_fn", unit(streams[i]));
      for (int s = 0; s < weights.length; s++) {
        weights[s] = sigmoid(weights[s] * scale + base[s]) + sizes.epsilon();
      }
      double[][] merged = collapsed(new double[][] {streams[i]}, new double[][] {weights});
      logits[i] = product("head.weight", rms(at + "norm.weight", merged[0]));
    }
    return logits;
  }

  /** Of each row: collapse n, spread n, mix n·n. */
  private double[][] coefficients(String at, double[][] x) {
    int n = sizes.streams();
    float[] scale = tensors.get(at + "_scale");
    float[] base = tensors.get(at + "_base");
    double[][] all = new double[x.length][];
    for (int i = 0; i < x.length; i++) {
      double[] z = product(at + "_fn", unit(x[i]));
      double[][] mix = new double[n][n];
      for (int k = 0; k < z.length; k++) {
        z[k] = z[k] * scale[Math.min(k / n, 2)] + base[k];
        if (k < n) {
          z[k] = sigmoid(z[k]) + sizes.epsilon();
        } else if (k < 2 * n) {
          z[k] = 2 * sigmoid(z[k]);
        } else {
          mix[k / n - 2][k % n] = Math.exp(z[k]);
        }
      }
      sinkhorn(mix);
      for (int k = 0; k < n * n; k++) {
        z[2 * n + k] = mix[k / n][k % n];
      }
      all[i] = z;
    }
    return all;
  }

  private void sinkhorn(double[][] mix) {
    divideRows(mix, 0);
    for (double[] row : mix) {
      Arrays.setAll(row, j -> row[j] + sizes.epsilon());
    }
    divideColumns(mix);
    for (int i = 1; i < sizes.iterations(); i++) {
      divideRows(mix, sizes.epsilon());
      divideColumns(mix);
    }
  }

  private static void divideRows(double[][] mix, double epsilon) {
    for (double[] row : mix) {
      double sum = Arrays.stream(row).sum() + epsilon;
      Arrays.setAll(row, j -> row[j] / sum);
    }
  }

  private void divideColumns(double[][] mix) {
    for (int j = 0; j < mix.length; j++) {
      int column = j;
      double sum = Arrays.stream(mix).mapToDouble(row -> row[column]).sum() + sizes.epsilon();
      for (double[] row : mix) {
        row[j] /= sum;
      }
    }
  }

  private double[][] collapsed(double[][] x, double[][] weights) {
    double[][] y = new double[x.length][sizes.hidden()];
    for (int i = 0; i < x.length; i++) {
      for (int k = 0; k < x[i].length; k++) {
        y[i][k % sizes.hidden()] += weights[i][k / sizes.hidden()] * x[i][k];
      }
    }
    return y;
  }

  private double[][] spread(double[][] x, double[][] said, double[][] weights) {
    int n = sizes.streams();
    int width = sizes.hidden();
    double[][] y = new double[x.length][n * width];
    for (int i = 0; i < x.length; i++) {
      for (int k = 0; k < n; k++) {
        for (int c = 0; c < width; c++) {
          double sum = weights[i][n + k] * said[i][c];
          for (int j = 0; j < n; j++) {
            sum += weights[i][2 * n + j * n + k] * x[i][j * width + c];
          }
          y[i][k * width + c] = sum;
        }
      }
    }
    return y;
  }

  private double[][] attention(String module, double[][] x) {
    String at = module + "attn.";
    int dim = sizes.headDim();
    double[][] keys = new double[x.length][];
    double[][] mixed = new double[x.length][];
    for (int i = 0; i < x.length; i++) {
      keys[i] = turned(rms(at + "kv_norm.weight", product(at + "wkv.weight", x[i])), i);
      double[] latent = rms(at + "q_norm.weight", product(at + "wq_a.weight", x[i]));
      double[] queries = product(at + "wq_b.weight", latent);
      mixed[i] = new double[queries.length];
      for (int head = 0; head < sizes.heads(); head++) {
        double[] q = turned(unit(Arrays.copyOfRange(queries, head * dim, (head + 1) * dim)), i);
        double[] out = turned(attend(q, keys, i, tensors.get(at + "attn_sink")[head]), -i);
        System.arraycopy(out, 0, mixed[i], head * dim, dim);
      }
      mixed[i] = product(at + "wo_b.weight", narrowed(at + "wo_a.weight", mixed[i]));
    }
    return mixed;
  }

  private double[] attend(double[] q, double[][] keys, int position, double sink) {
    double[] sum = new double[q.length];
    double total = Math.exp(sink);
    for (int s = Math.max(0, position - sizes.window() + 1); s <= position; s++) {
      double weight = Math.exp(dot(q, keys[s]) / Math.sqrt(q.length));
      total += weight;
      for (int d = 0; d < q.length; d++) {
        sum[d] += weight * keys[s][d];
      }
    }
    double all = total;
    return Arrays.stream(sum).map(value -> value / all).toArray();
  }

  /** Each group of heads by a block of rows of its own. */
  private double[] narrowed(String name, double[] mixed) {
    int width = mixed.length / sizes.groups();
    double[][] w = rows(name, width);
    double[] y = new double[w.length];
    for (int o = 0; o < w.length; o++) {
      int group = o / (w.length / sizes.groups());
      y[o] = dot(w[o], Arrays.copyOfRange(mixed, group * width, (group + 1) * width));
    }
    return y;
  }

  /** RoPE of neighbours among the last elements. */
  private double[] turned(double[] x, int position) {
    double[] y = x.clone();
    int first = x.length - sizes.rope();
    for (int i = 0; i < sizes.rope(); i += 2) {
      double angle = position * Math.pow(10_000, -(double) i / sizes.rope());
      double a = x[first + i];
      double b = x[first + i + 1];
      y[first + i] = a * Math.cos(angle) - b * Math.sin(angle);
      y[first + i + 1] = b * Math.cos(angle) + a * Math.sin(angle);
    }
    return y;
  }

  private double[] experts(String at, double[] x) {
    double[] scores =
        Arrays.stream(product(at + "gate.weight", x))
            .map(z -> Math.sqrt(Math.log1p(Math.exp(z))))
            .toArray();
    float[] bias = tensors.get(at + "gate.bias");
    int[] chosen =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(e -> -scores[e] - bias[e]))
            .limit(sizes.topK())
            .mapToInt(Integer::intValue)
            .toArray();
    double total = Arrays.stream(chosen).mapToDouble(e -> scores[e]).sum();
    double[] sum = expert(at + "shared_experts.", x);
    for (int e : chosen) {
      double[] y = expert(at + "experts." + e + ".", x);
      for (int c = 0; c < sum.length; c++) {
        sum[c] += scores[e] / total * sizes.expertScale() * y[c];
      }
    }
    return sum;
  }

  private double[] expert(String at, double[] x) {
    double[] gate = product(at + "w1.weight", x);
    double[] up = product(at + "w3.weight", x);
    double limit = sizes.limit();
    Arrays.setAll(
        up,
        i -> {
          double g = Math.min(gate[i], limit);
          return g * sigmoid(g) * Math.clamp(up[i], -limit, limit);
        });
    return product(at + "w2.weight", up);
  }

  private double[] embedding(int token) {
    return rows("embed.weight", sizes.hidden())[token];
  }

  private double[] one(double[] streams, int s) {
    return Arrays.copyOfRange(streams, s * sizes.hidden(), (s + 1) * sizes.hidden());
  }

  private double[][] normed(String name, double[][] x) {
    return Arrays.stream(x).map(row -> rms(name, row)).toArray(double[][]::new);
  }

  private double[] rms(String name, double[] x) {
    float[] w = tensors.get(name);
    double[] y = unit(x);
    Arrays.setAll(y, i -> y[i] * w[i]);
    return y;
  }

  private double[] unit(double[] x) {
    double rms = Math.sqrt(dot(x, x) / x.length + sizes.normEpsilon());
    return Arrays.stream(x).map(value -> value / rms).toArray();
  }

  private double[] product(String name, double[] x) {
    return Arrays.stream(rows(name, x.length)).mapToDouble(row -> dot(row, x)).toArray();
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
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  private static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }
}
