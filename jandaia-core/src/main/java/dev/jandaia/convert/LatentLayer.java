package dev.jandaia.convert;

import dev.jandaia.convert.RotarySlots.Slot;
import dev.jandaia.spec.GroupedQueryAttention;
import java.util.Arrays;
import java.util.List;

/**
 * One layer of {@link LatentFactors}: from the projections of heads to those of latent attention.
 *
 * <p>The rows M of all that has no positions (the rest of the keys, then the values) have the
 * singular vectors U of M·diag(g), g the weight of the norm before. The latent is c = U_rᵀ·M·x, and
 * U_r leads back from it.
 *
 * <p>Published latent attention normalises the latent, which no linear map undoes. So the latent
 * has one element more, a constant (a bias) far above the others: the root mean square is then that
 * of the constant, whatever the token, and the norm's weight takes it back. What is left of the
 * norm is below {@link #ERROR}.
 */
final class LatentLayer {
  /** The constant over the largest possible length of the other elements. */
  private static final double CONSTANT = 1024;

  /** Largest relative error of the latent, ½/CONSTANT². */
  static final double ERROR = 0.5 / (CONSTANT * CONSTANT);

  private final GroupedQueryAttention attention;
  private final LatentShape shape;
  private final RotarySlots slots;
  private final int layer;
  private final double[][] rows;
  private final SingularVectors directions;

  /**
   * @param nopeDim elements of each head's keys without positions
   * @param epsilon of the latent's norm
   */
  record LatentShape(int rank, int nopeDim, double epsilon) {}

  /**
   * @param keys {@code [G·D][C]}
   * @param values {@code [G·D][C]}
   * @param gain weight of the norm before, {@code [C]}
   */
  LatentLayer(
      GroupedQueryAttention attention,
      LatentShape shape,
      RotarySlots slots,
      int layer,
      double[][] keys,
      double[][] values,
      float[] gain) {
    this.attention = attention;
    this.shape = shape;
    this.slots = slots;
    this.layer = layer;
    this.rows = rows(keys, values);
    double[][] weighted = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      double[] row = rows[i].clone();
      Arrays.setAll(row, c -> row[c] * gain[c]);
      weighted[i] = row;
    }
    directions = SingularVectors.of(weighted);
  }

  private double[][] rows(double[][] keys, double[][] values) {
    if (!slots.leavesSomething()) {
      return values;
    }
    int width = attention.keyValueWidth();
    double[][] all = new double[2 * width][];
    for (int g = 0; g < attention.numKvHeads(); g++) {
      double[][] head = slots.withoutPosition(layer, keys, g);
      System.arraycopy(head, 0, all, g * attention.headDim(), head.length);
    }
    System.arraycopy(values, 0, all, width, width);
    return all;
  }

  /** The largest rank that means something. */
  int fullRank() {
    return directions.values().length;
  }

  /** Relative norm of what the rank leaves out of the joint projection. */
  double lost() {
    double[] values = directions.values();
    double total = Arrays.stream(values).map(v -> v * v).sum();
    double left = Arrays.stream(values).skip(shape.rank()).map(v -> v * v).sum();
    return total == 0 ? 0 : Math.sqrt(left / total);
  }

  /** {@code latentDown.weight [rank + 1 + R, C]}: latent, constant, shared key. */
  float[] down(double[][] keys) {
    int width = rows[0].length;
    List<Slot> kept = slots.kept();
    float[] down = new float[(shape.rank() + 1 + 2 * kept.size()) * width];
    for (int i = 0; i < shape.rank(); i++) {
      double[] direction = directions.vectors()[i];
      double[] sum = new double[width];
      for (int row = 0; row < rows.length; row++) {
        for (int c = 0; c < width; c++) {
          sum[c] += direction[row] * rows[row][c];
        }
      }
      put(down, i, sum, 1 / bound());
    }
    for (int s = 0; s < kept.size(); s++) {
      int row = shape.rank() + 1 + 2 * s;
      put(down, row, slots.component(layer, keys, kept.get(s), true), 1);
      put(down, row + 1, slots.component(layer, keys, kept.get(s), false), 1);
    }
    return down;
  }

  /** {@code latentDown.bias}: the constant alone. */
  float[] downBias() {
    float[] bias = new float[shape.rank() + 1 + 2 * slots.kept().size()];
    bias[shape.rank()] = (float) CONSTANT;
    return bias;
  }

  /** {@code latentNorm.weight}: gives the latent its size back, to the digits that BF16 has. */
  float[] norm() {
    float[] weight = new float[shape.rank() + 1];
    Arrays.fill(weight, normWeight());
    return weight;
  }

  private float normWeight() {
    return Storage.bfloat16((float) (bound() * meanRoot()));
  }

  /** {@code latentUp.weight [H·(nope + D), rank + 1]}. */
  float[] up() {
    int dim = attention.headDim();
    int perHead = shape.nopeDim() + dim;
    float[] up = new float[attention.numHeads() * perHead * (shape.rank() + 1)];
    boolean keysToo = slots.leavesSomething();
    int values = keysToo ? attention.keyValueWidth() : 0;
    double scale = bound() * meanRoot() / normWeight();
    for (int h = 0; h < attention.numHeads(); h++) {
      int g = group(h) * dim;
      for (int i = 0; i < shape.rank(); i++) {
        double[] direction = directions.vectors()[i];
        for (int d = 0; d < dim; d++) {
          int key = h * perHead + d;
          int value = h * perHead + shape.nopeDim() + d;
          if (keysToo) {
            up[key * (shape.rank() + 1) + i] = (float) (scale * direction[g + d]);
          }
          up[value * (shape.rank() + 1) + i] = (float) (scale * direction[values + g + d]);
        }
      }
    }
    return up;
  }

  /**
   * {@code query.weight [H·(nope + R), C]}: a head's query twice, for what has no positions and for
   * its shares of the shared key.
   *
   * @param queries {@code [H·D][C]}
   */
  float[] query(double[][] queries) {
    List<Slot> kept = slots.kept();
    int width = queries[0].length;
    int perHead = shape.nopeDim() + 2 * kept.size();
    // Scores are divided by the root of the new length.
    double scale = attention.scale() * Math.sqrt(perHead);
    float[] query = new float[attention.numHeads() * perHead * width];
    for (int h = 0; h < attention.numHeads(); h++) {
      int from = h * attention.headDim();
      for (int d = 0; slots.leavesSomething() && d < shape.nopeDim(); d++) {
        put(query, h * perHead + d, queries[from + d], scale);
      }
      for (int s = 0; s < kept.size(); s++) {
        Slot slot = kept.get(s);
        double share = scale * slots.share(layer, slot, group(h));
        int row = h * perHead + shape.nopeDim() + 2 * s;
        put(query, row, queries[from + slots.first(slot.pair())], share);
        put(query, row + 1, queries[from + slots.second(slot.pair())], share);
      }
    }
    return query;
  }

  private int group(int head) {
    return head * attention.numKvHeads() / attention.numHeads();
  }

  /** No normalised input makes the latent longer, before it is divided by this. */
  private double bound() {
    double largest = directions.values()[0] * Math.sqrt(rows[0].length);
    return largest == 0 ? 1 : largest;
  }

  /** What the norm divides by. */
  private double meanRoot() {
    return Math.sqrt(CONSTANT * CONSTANT / (shape.rank() + 1) + shape.epsilon());
  }

  private static void put(float[] matrix, int row, double[] values, double factor) {
    for (int c = 0; c < values.length; c++) {
      matrix[row * values.length + c] = (float) (factor * values[c]);
    }
  }
}
