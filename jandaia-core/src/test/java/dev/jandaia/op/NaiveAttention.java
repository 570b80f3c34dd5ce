package dev.jandaia.op;

/**
 * Softmax attention in float64, straight from the formula: all scores of a query at once. A
 * position lies in a row; rows of a sequence follow one another.
 */
final class NaiveAttention {
  private NaiveAttention() {}

  /**
   * @param lengths of the sequences
   * @param kStride elements from one row of k to the next
   * @param vStride elements from one row of v to the next
   * @param sinks one per head, or none
   * @return {@code [M, H·valueDim]}
   */
  static double[] apply(
      AttentionShape shape,
      int[] lengths,
      double[] q,
      double[] k,
      int kStride,
      double[] v,
      int vStride,
      double... sinks) {
    int heads = shape.heads();
    int rows = q.length / (heads * shape.keyDim());
    double[] out = new double[rows * heads * shape.valueDim()];
    int first = 0;
    for (int length : lengths) {
      for (int t = 0; t < length; t++) {
        for (int head = 0; head < heads; head++) {
          int kvHead = head * shape.kvHeads() / heads;
          double[] p = new double[t + 1];
          double sum = sinks.length == 0 ? 0 : Math.exp(sinks[head]);
          for (int s = 0; s <= t; s++) {
            if ((long) t - s < shape.window() && s / shape.chunk() == t / shape.chunk()) {
              int query = ((first + t) * heads + head) * shape.keyDim();
              int key = (first + s) * kStride + kvHead * shape.keyDim();
              p[s] = Math.exp(score(shape, q, query, k, key));
              sum += p[s];
            }
          }
          for (int s = 0; s <= t; s++) {
            for (int d = 0; d < shape.valueDim(); d++) {
              double value = v[(first + s) * vStride + kvHead * shape.valueDim() + d];
              out[((first + t) * heads + head) * shape.valueDim() + d] += p[s] / sum * value;
            }
          }
        }
      }
      first += length;
    }
    return out;
  }

  private static double score(AttentionShape shape, double[] q, int query, double[] k, int key) {
    double dot = 0;
    for (int d = 0; d < shape.keyDim(); d++) {
      dot += q[query + d] * k[key + d];
    }
    double scaled = dot * shape.scale();
    return shape.softCap() == 0 ? scaled : shape.softCap() * Math.tanh(scaled / shape.softCap());
  }
}
