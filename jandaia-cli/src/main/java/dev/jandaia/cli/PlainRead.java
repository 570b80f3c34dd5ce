package dev.jandaia.cli;

import dev.jandaia.kernel.Workers;
import java.util.Arrays;

/**
 * How fast this machine reads memory when it does nothing else: the bound of generation, which
 * reads every weight once per token. The sums are plain loops that the compiler turns into vectors,
 * so the figure does not depend on our kernels; the memory is far larger than any cache. Each
 * thread reads in four places at once: processors fetch ahead within a page only, so that one
 * stream reaches little more than half of what four do.
 */
final class PlainRead {
  private static final int STREAMS = 4;
  private static final int ARRAYS = 16;
  private static final int LONGS = 1 << 23;
  private static final int PASSES = 5;

  private final long[][] memory = new long[ARRAYS][LONGS];
  private final long[] sums = new long[ARRAYS / STREAMS];

  PlainRead() {
    // untouched pages are all one page of zeros, which the caches hold
    for (long[] array : memory) {
      Arrays.fill(array, 1);
    }
  }

  /** The best of a few passes, in bytes per second. */
  double bytesPerSecond(Workers workers) {
    long best = Long.MAX_VALUE;
    for (int pass = 0; pass < PASSES; pass++) {
      long start = System.nanoTime();
      workers.run(ARRAYS / STREAMS, 1, this::sum);
      best = Math.min(best, System.nanoTime() - start);
    }
    if (Arrays.stream(sums).sum() != (long) ARRAYS * LONGS) {
      throw new IllegalStateException("a sum is wrong");
    }
    return (double) ARRAYS * LONGS * Long.BYTES * 1e9 / best;
  }

  private void sum(int from, int to, int worker) {
    for (int i = from; i < to; i++) {
      int first = i * STREAMS;
      sums[i] = sum(memory[first], memory[first + 1], memory[first + 2], memory[first + 3]);
    }
  }

  private static long sum(long[] a, long[] b, long[] c, long[] d) {
    long sum = 0;
    for (int i = 0; i < LONGS; i++) {
      sum += a[i] + b[i] + c[i] + d[i];
    }
    return sum;
  }
}
