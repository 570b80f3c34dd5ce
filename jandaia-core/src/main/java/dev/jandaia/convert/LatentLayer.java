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
 * <p>A {@link ConstantElement} makes the norm of the latent harmless and carries the biases of what
 * is made of it; those of the shared key are biases there.
 */
final class LatentLayer {
  private final GroupedQueryAttention attention;
  private final LatentShape shape;
  private final RotarySlots slots;
  private final int layer;
  private final HeadRows keys;
  private final double[][] rows;
  private final double[][] biases;
  private final SingularVectors directions;
  private final ConstantElement constant;

  /**
   * @param nopeDim elements of each head's keys without positions
   * @param epsilon of the latent's norm
   */
  record LatentShape(int rank, int nopeDim, double epsilon) {}

  /**
   * @param keys {@code [G·D]} rows
   * @param values {@code [G·D]} rows
   * @param gain weight of the norm before, {@code [C]}
   */
  LatentLayer(
      GroupedQueryAttention attention,
      LatentShape shape,
      RotarySlots slots,
      int layer,
      HeadRows keys,
      HeadRows values,
      float[] gain) {
    this.attention = attention;
    this.shape = shape;
    this.slots = slots;
    this.layer = layer;
    this.keys = keys;
    this.rows = rows(keys.weight(), values.weight());
    this.biases = rows(keys.bias(), values.bias());
    double[][] weighted = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      double[] row = rows[i].clone();
      Arrays.setAll(row, c -> row[c] * gain[c]);
      weighted[i] = row;
    }
    directions = SingularVectors.of(weighted);
    // No normalised input makes the latent longer.
    double longest = directions.values()[0] * Math.sqrt(gain.length);
    constant = new ConstantElement(shape.rank(), longest == 0 ? 1 : longest, shape.epsilon());
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
  float[] down() {
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
      put(down, i, sum, constant.down());
    }
    for (int s = 0; s < kept.size(); s++) {
      int row = shape.rank() + 1 + 2 * s;
      put(down, row, slots.component(layer, keys.weight(), kept.get(s), true), 1);
      put(down, row + 1, slots.component(layer, keys.weight(), kept.get(s), false), 1);
    }
    return down;
  }

  /** {@code latentDown.bias}: the constant, and the biases of the shared key. */
  float[] downBias() {
    List<Slot> kept = slots.kept();
    float[] bias = new float[shape.rank() + 1 + 2 * kept.size()];
    bias[shape.rank()] = (float) ConstantElement.CONSTANT;
    for (int s = 0; s < kept.size(); s++) {
      int row = shape.rank() + 1 + 2 * s;
      bias[row] = (float) slots.component(layer, keys.bias(), kept.get(s), true)[0];
      bias[row + 1] = (float) slots.component(layer, keys.bias(), kept.get(s), false)[0];
    }
    return bias;
  }

  /** {@code latentNorm.weight}. */
  float[] norm() {
    float[] weight = new float[shape.rank() + 1];
    Arrays.fill(weight, constant.normWeight());
    return weight;
  }

  /** {@code latentUp.weight [H·(nope + D), rank + 1]}. */
  float[] up() {
    int dim = attention.headDim();
    int perHead = shape.nopeDim() + dim;
    int width = shape.rank() + 1;
    float[] up = new float[attention.numHeads() * perHead * width];
    boolean keysToo = slots.leavesSomething();
    int values = keysToo ? attention.keyValueWidth() : 0;
    for (int h = 0; h < attention.numHeads(); h++) {
      int g = h * attention.numKvHeads() / attention.numHeads() * dim;
      for (int d = 0; d < dim; d++) {
        if (keysToo) {
          putUp(up, (h * perHead + d) * width, g + d);
        }
        putUp(up, (h * perHead + shape.nopeDim() + d) * width, values + g + d);
      }
    }
    return up;
  }

  /** The way back from the latent to one row. */
  private void putUp(float[] up, int offset, int row) {
    for (int i = 0; i < shape.rank(); i++) {
      up[offset + i] = (float) (constant.up() * directions.vectors()[i][row]);
    }
    up[offset + shape.rank()] = (float) (constant.bias() * biases[row][0]);
  }

  private static void put(float[] matrix, int row, double[] values, double factor) {
    for (int c = 0; c < values.length; c++) {
      matrix[row * values.length + c] = (float) (factor * values[c]);
    }
  }
}
