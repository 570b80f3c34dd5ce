package dev.jandaia.cache.turbo;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The scalar quantiser of 2ᵇ values with the least mean squared error for a known density
 * (Lloyd–Max): each value is the mean of the cell it stands for, cells end half-way between values.
 */
public final class Codebook {
  /** Entries of {@link #table}, as the kernels want it. */
  public static final int TABLE = 16;

  private static final int ITERATIONS = 20_000;
  private static final double CONVERGED = 1e-14;
  private static final Map<Long, Codebook> KNOWN = new ConcurrentHashMap<>();

  private final double[] centroids;
  private final double[] boundaries;
  private final double meanSquaredError;
  private final float[] table = new float[TABLE];

  private Codebook(Density density, int bits) {
    int levels = 1 << bits;
    centroids = new double[levels];
    boundaries = new double[levels - 1];
    for (int i = 0; i < levels; i++) {
      centroids[i] = density.quantile((i + 0.5) / levels);
    }
    iterate(density);
    double kept = 0;
    for (int i = 0; i < levels; i++) {
      kept += density.mass(lower(density, i), upper(density, i)) * centroids[i] * centroids[i];
    }
    meanSquaredError = density.variance() - kept;
    for (int i = 0; i < levels; i++) {
      table[i] = (float) centroids[i];
    }
  }

  private void iterate(Density density) {
    double change = 1;
    for (int step = 0; step < ITERATIONS && change > CONVERGED; step++) {
      for (int i = 0; i < boundaries.length; i++) {
        boundaries[i] = (centroids[i] + centroids[i + 1]) / 2;
      }
      change = 0;
      for (int i = 0; i < centroids.length; i++) {
        double mean = density.mean(lower(density, i), upper(density, i));
        change = Math.max(change, Math.abs(mean - centroids[i]));
        centroids[i] = mean;
      }
    }
    // Densities are symmetric: what rounding has left of a difference between the sides goes.
    for (int i = 0; i < centroids.length / 2; i++) {
      int mirror = centroids.length - 1 - i;
      centroids[mirror] = (centroids[mirror] - centroids[i]) / 2;
      centroids[i] = -centroids[mirror];
    }
    for (int i = 0; i < boundaries.length; i++) {
      boundaries[i] = (centroids[i] + centroids[i + 1]) / 2;
    }
  }

  private double lower(Density density, int cell) {
    return cell == 0 ? -density.bound() : boundaries[cell - 1];
  }

  private double upper(Density density, int cell) {
    return cell == boundaries.length ? density.bound() : boundaries[cell];
  }

  /** For N(0, 1). */
  public static Codebook normal(int bits) {
    return KNOWN.computeIfAbsent((long) bits, _ -> new Codebook(Density.normal(), bits));
  }

  /** For a coordinate of a random unit vector with {@code dim} ≥ 2 elements (2504.19874). */
  public static Codebook sphere(int dim, int bits) {
    long key = (long) dim << 8 | bits;
    return KNOWN.computeIfAbsent(key, _ -> new Codebook(Density.sphere(dim), bits));
  }

  /** The values, ascending. */
  public double[] centroids() {
    return centroids.clone();
  }

  /** Where cells end, ascending. */
  public double[] boundaries() {
    return boundaries.clone();
  }

  /** The expected squared error of a quantised value. */
  public double meanSquaredError() {
    return meanSquaredError;
  }

  /** The values as {@value #TABLE} floats, zeros beyond the last; always the same, not a copy. */
  public float[] table() {
    return table;
  }

  /** {@link #boundaries} as floats. */
  public float[] floatBoundaries() {
    float[] floats = new float[boundaries.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) boundaries[i];
    }
    return floats;
  }

  @Override
  public String toString() {
    return Arrays.toString(centroids);
  }
}
