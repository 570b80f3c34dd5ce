package dev.jandaia.convert;

import dev.jandaia.convert.RotarySlots.Slot;
import dev.jandaia.spec.GroupedQueryAttention;
import java.util.Arrays;
import java.util.List;

/**
 * The queries of one layer of {@link LatentFactors}: each head's query twice, for what has no
 * positions and for its shares of the shared key. The direct projection of the published layout has
 * no bias; queries with one go through a latent that is the layer's input and a {@link
 * ConstantElement}.
 *
 * @param nopeDim elements of each head without positions
 */
record LatentQueries(
    GroupedQueryAttention attention, RotarySlots slots, int layer, int nopeDim, HeadRows queries) {

  /** {@code query.weight [H·(nope + R), C]}. */
  float[] direct() {
    double[][] rows = rows(queries.weight());
    int width = rows[0].length;
    float[] weight = new float[rows.length * width];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = (float) rows[i / width][i % width];
    }
    return weight;
  }

  /** What the latent's norm sees. */
  static ConstantElement constant(float[] gain, double epsilon) {
    double largest = 0;
    for (float g : gain) {
      largest = Math.max(largest, Math.abs(g));
    }
    return new ConstantElement(gain.length, Math.sqrt(gain.length) * largest, epsilon);
  }

  /** {@code queryDown.weight [C + 1, C]}: the input itself. */
  static float[] down(ConstantElement constant) {
    int width = constant.rank();
    float[] down = new float[(width + 1) * width];
    for (int i = 0; i < width; i++) {
      down[i * width + i] = (float) constant.down();
    }
    return down;
  }

  /** {@code queryUp.weight [H·(nope + R), C + 1]}. */
  float[] up(ConstantElement constant) {
    double[][] rows = rows(queries.weight());
    double[][] biases = rows(queries.bias());
    int width = constant.rank() + 1;
    float[] up = new float[rows.length * width];
    for (int i = 0; i < rows.length; i++) {
      for (int c = 0; c < width - 1; c++) {
        up[i * width + c] = (float) (constant.up() * rows[i][c]);
      }
      up[i * width + width - 1] = (float) (constant.bias() * biases[i][0]);
    }
    return up;
  }

  /** From rows of the old queries, {@code [H·D][any]}, to those of the new. */
  private double[][] rows(double[][] old) {
    List<Slot> kept = slots.kept();
    int perHead = nopeDim + 2 * kept.size();
    // Scores are divided by the root of the new length.
    double scale = attention.scale() * Math.sqrt(perHead);
    double[][] rows = new double[attention.numHeads() * perHead][old[0].length];
    for (int h = 0; h < attention.numHeads(); h++) {
      int from = h * attention.headDim();
      int group = h * attention.numKvHeads() / attention.numHeads();
      for (int d = 0; slots.leavesSomething() && d < nopeDim; d++) {
        rows[h * perHead + d] = times(scale, old[from + d]);
      }
      for (int s = 0; s < kept.size(); s++) {
        Slot slot = kept.get(s);
        double share = scale * slots.share(layer, slot, group);
        int row = h * perHead + nopeDim + 2 * s;
        rows[row] = times(share, old[from + slots.first(slot.pair())]);
        rows[row + 1] = times(share, old[from + slots.second(slot.pair())]);
      }
    }
    return rows;
  }

  private static double[] times(double factor, double[] row) {
    return Arrays.stream(row).map(value -> factor * value).toArray();
  }
}
