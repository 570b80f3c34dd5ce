package dev.jandaia.generate.sample;

import java.util.Arrays;

/**
 * A stable sort of {@code long} keys by their upper half, in linear time and without allocating.
 * The upper half encodes a float so that unsigned order is its order; the lower half is the
 * payload.
 */
final class KeySort {
  private static final int SMALL = 32;
  private static final int RADIX_BITS = 8;
  private static final int RADIX = 1 << RADIX_BITS;

  private KeySort() {}

  /** Orders larger values first. */
  static long descending(float value, int payload) {
    return ((long) ~code(value) << 32) | payload;
  }

  /** Orders smaller values first. */
  static long ascending(float value, int payload) {
    return ((long) code(value) << 32) | payload;
  }

  static int payload(long key) {
    return (int) key;
  }

  /** A code whose unsigned order is the order of the values; both zeros get the same one. */
  private static int code(float value) {
    int bits = Float.floatToRawIntBits(value + 0f);
    // Flips all bits of a negative value and the sign of another, without a branch on random signs.
    return bits ^ ((bits >> 31) | Integer.MIN_VALUE);
  }

  /** Sorts the first {@code n} keys; {@code swap} has their length, {@code counts} at least 256. */
  static void sort(long[] keys, int n, long[] swap, int[] counts) {
    if (n <= SMALL) {
      insertionSort(keys, n);
      return;
    }
    // An even number of passes, so the result ends up where it came from.
    for (int shift = 32; shift < 64; shift += 2 * RADIX_BITS) {
      scatter(keys, swap, n, shift, counts);
      scatter(swap, keys, n, shift + RADIX_BITS, counts);
    }
  }

  private static void insertionSort(long[] keys, int n) {
    for (int i = 1; i < n; i++) {
      long key = keys[i];
      int j = i;
      while (j > 0 && keys[j - 1] >>> 32 > key >>> 32) {
        keys[j] = keys[--j];
      }
      keys[j] = key;
    }
  }

  private static void scatter(long[] from, long[] to, int n, int shift, int[] counts) {
    Arrays.fill(counts, 0, RADIX, 0);
    for (int i = 0; i < n; i++) {
      counts[digit(from[i], shift)]++;
    }
    int start = 0;
    for (int d = 0; d < RADIX; d++) {
      int count = counts[d];
      counts[d] = start;
      start += count;
    }
    for (int i = 0; i < n; i++) {
      to[counts[digit(from[i], shift)]++] = from[i];
    }
  }

  private static int digit(long key, int shift) {
    return (int) (key >>> shift) & (RADIX - 1);
  }
}
