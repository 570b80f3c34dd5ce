package dev.jandaia.convert;

import dev.jandaia.model.RopeFrequencies;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Which parts of the keys keep their positions when all heads come to share one key.
 *
 * <p>RoPE turns pair j of every head by the same angle, so an orthogonal mixture of heads, the same
 * for both elements of the pair, may be taken before or after it (TransMLA, 2502.07864). For each
 * layer and pair the mixture U_j is chosen that orders its components by energy; component c of
 * pair j is a slot. The slots that would lose most keep RoPE, in a key that all heads share; the
 * others lose it. A slot loses its energy times the mean of 1 − cos over the angles that its
 * frequency makes within {@link #HORIZON} tokens, and slow pairs therefore lose little.
 */
final class RotarySlots {
  static final int HORIZON = 256;

  private final GroupedQueryAttention attention;
  private final Position.Rotary rotary;
  private final float[] frequencies;
  private final List<SingularVectors[]> bases = new ArrayList<>();
  private final int[] kept;

  /** A component of a pair. */
  record Slot(int pair, int component) {}

  /**
   * @param keys of each layer, {@code [G·D][C]}, columns weighted by the norm before them
   * @param size how many elements keep positions, two for each slot
   */
  RotarySlots(GroupedQueryAttention attention, List<double[][]> keys, int size) {
    this.attention = attention;
    this.rotary = (Position.Rotary) attention.position();
    this.frequencies = RopeFrequencies.of(rotary);
    double[][] losses = new double[frequencies.length][attention.numKvHeads()];
    for (double[][] layer : keys) {
      SingularVectors[] basis = basis(layer);
      bases.add(basis);
      addLosses(basis, losses);
    }
    kept = choose(losses, size / 2);
  }

  private SingularVectors[] basis(double[][] keys) {
    SingularVectors[] basis = new SingularVectors[frequencies.length];
    for (int j = 0; j < basis.length; j++) {
      double[][] heads = new double[attention.numKvHeads()][];
      for (int g = 0; g < heads.length; g++) {
        heads[g] = concat(keys[row(g, first(j))], keys[row(g, second(j))]);
      }
      basis[j] = SingularVectors.of(heads);
    }
    return basis;
  }

  private void addLosses(SingularVectors[] basis, double[][] losses) {
    double total = 0;
    for (SingularVectors pair : basis) {
      for (double value : pair.values()) {
        total += value * value;
      }
    }
    for (int j = 0; j < basis.length; j++) {
      double moved = 0;
      for (int distance = 0; distance < HORIZON; distance++) {
        moved += (1 - Math.cos(distance * (double) frequencies[j])) / HORIZON;
      }
      for (int c = 0; c < basis[j].values().length && total > 0; c++) {
        losses[j][c] += Math.pow(basis[j].values()[c], 2) / total * moved;
      }
    }
  }

  private static int[] choose(double[][] losses, int count) {
    List<Slot> slots = new ArrayList<>();
    for (int j = 0; j < losses.length; j++) {
      for (int c = 0; c < losses[j].length; c++) {
        slots.add(new Slot(j, c));
      }
    }
    slots.sort(Comparator.comparingDouble(slot -> -losses[slot.pair()][slot.component()]));
    int[] kept = new int[losses.length];
    slots.stream().limit(count).forEach(slot -> kept[slot.pair()]++);
    return kept;
  }

  /** The slots that keep their positions, in the order of the shared key. */
  List<Slot> kept() {
    List<Slot> slots = new ArrayList<>();
    for (int j = 0; j < kept.length; j++) {
      for (int c = 0; c < kept[j]; c++) {
        slots.add(new Slot(j, c));
      }
    }
    return slots;
  }

  /** Whether some part of the keys is left for heads to have without positions. */
  boolean leavesSomething() {
    return rotary.rotaryDim() < attention.headDim()
        || kept().size() < frequencies.length * attention.numKvHeads();
  }

  /** The angle per position of a slot, in radians. */
  double frequency(Slot slot) {
    return frequencies[slot.pair()];
  }

  /** The share of head g in a component. */
  double share(int layer, Slot slot, int head) {
    double[][] vectors = bases.get(layer)[slot.pair()].vectors();
    return slot.component() < vectors.length ? vectors[slot.component()][head] : 0;
  }

  /** The first element of a slot's component of the keys, or the second: {@code [C]}. */
  double[] component(int layer, double[][] keys, Slot slot, boolean firstElement) {
    int element = firstElement ? first(slot.pair()) : second(slot.pair());
    double[] sum = new double[keys[0].length];
    for (int g = 0; g < attention.numKvHeads(); g++) {
      add(sum, share(layer, slot, g), keys[row(g, element)]);
    }
    return sum;
  }

  /** The keys of head g that have no positions any more, {@code [D][C]}. */
  double[][] withoutPosition(int layer, double[][] keys, int head) {
    double[][] rows = new double[attention.headDim()][keys[0].length];
    for (int d = rotary.rotaryDim(); d < rows.length; d++) {
      rows[d] = keys[row(head, d)].clone();
    }
    // Cosines and sines carry a factor even where the angle is zero.
    double factor = Math.pow(RopeFrequencies.factor(rotary), 2);
    for (int j = 0; j < frequencies.length; j++) {
      for (int c = kept[j]; c < attention.numKvHeads(); c++) {
        Slot slot = new Slot(j, c);
        double share = share(layer, slot, head) * factor;
        add(rows[first(j)], share, component(layer, keys, slot, true));
        add(rows[second(j)], share, component(layer, keys, slot, false));
      }
    }
    return rows;
  }

  /** How much of a layer's key energy has lost its positions, 0 to 1. */
  double lostEnergy(int layer) {
    double lost = 0;
    double total = 0;
    for (int j = 0; j < kept.length; j++) {
      double[] values = bases.get(layer)[j].values();
      for (int c = 0; c < values.length; c++) {
        total += values[c] * values[c];
        lost += c < kept[j] ? 0 : values[c] * values[c];
      }
    }
    return total == 0 ? 0 : lost / total;
  }

  /** Element of a head that is the first of pair j. */
  int first(int pair) {
    return rotary.pairing() == Position.Pairing.HALVES ? pair : 2 * pair;
  }

  int second(int pair) {
    return rotary.pairing() == Position.Pairing.HALVES
        ? pair + rotary.rotaryDim() / 2
        : 2 * pair + 1;
  }

  private int row(int head, int element) {
    return head * attention.headDim() + element;
  }

  private static void add(double[] sum, double factor, double[] row) {
    for (int c = 0; c < sum.length; c++) {
      sum[c] += factor * row[c];
    }
  }

  private static double[] concat(double[] a, double[] b) {
    double[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
