package dev.jandaia.atlas;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.WeightMatrix;
import dev.jandaia.kernel.Workers;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Measures a {@link Machine} with the kernels that models run on, in about two seconds: the best
 * pass of one token through an f32 matrix far larger than the caches, and of many tokens through
 * one that stays in them.
 */
public final class MachineProbe {
  private static final int COLS = 4096;
  private static final int BIG_ROWS = 16 * 1024;
  private static final int SMALL_ROWS = 512;
  private static final int SMALL_COLS = 1024;
  private static final int TOKENS = 256;
  private static final int GRAIN = 16;
  private static final int LEAST_PASSES = 5;
  private static final long NANOS_EACH = 900_000_000;

  private final Kernels kernels;
  private final Workers workers;

  private MachineProbe(Kernels kernels, Workers workers) {
    this.kernels = kernels;
    this.workers = workers;
  }

  /** Measures with {@code workers}. */
  public static Machine measure(Kernels kernels, Workers workers) {
    MachineProbe probe = new MachineProbe(kernels, workers);
    String threads = workers.count() == 1 ? "one thread" : workers.count() + " threads";
    String origin = "measured with %s kernels on %s".formatted(kernels.name(), threads);
    return new Machine(probe.bytesPerSecond(), probe.flopsPerSecond(), origin);
  }

  private double bytesPerSecond() {
    try (Arena arena = Arena.ofShared()) {
      // compiles the kernel, for which the few passes over the big one would be too few
      bestSeconds(matrix(arena, SMALL_ROWS, COLS), 1, NANOS_EACH / 4);
      WeightMatrix matrix = matrix(arena, BIG_ROWS, COLS);
      return matrix.bytes() / bestSeconds(matrix, 1, NANOS_EACH);
    }
  }

  private double flopsPerSecond() {
    try (Arena arena = Arena.ofShared()) {
      WeightMatrix matrix = matrix(arena, SMALL_ROWS, SMALL_COLS);
      return 2.0 * TOKENS * SMALL_ROWS * SMALL_COLS / bestSeconds(matrix, TOKENS, NANOS_EACH);
    }
  }

  private double bestSeconds(WeightMatrix matrix, int tokens, long nanos) {
    float[] x = new float[tokens * matrix.cols()];
    float[] y = new float[tokens * matrix.rows()];
    Arrays.fill(x, 1f);
    long best = Long.MAX_VALUE;
    long start = System.nanoTime();
    for (int pass = 0; pass < LEAST_PASSES || System.nanoTime() - start < nanos; pass++) {
      long from = System.nanoTime();
      workers.run(
          matrix.rows(),
          GRAIN,
          (fromRow, toRow, _) ->
              matrix.multiply(x, 0, matrix.cols(), tokens, y, 0, matrix.rows(), fromRow, toRow));
      best = Math.min(best, System.nanoTime() - from);
    }
    return best / 1e9;
  }

  /** A matrix of ones: untouched pages are all one page of zeros, which the caches hold. */
  private WeightMatrix matrix(Arena arena, int rows, int cols) {
    MemorySegment memory = arena.allocate((long) rows * cols * Float.BYTES, 64);
    for (long i = 0; i < (long) rows * cols; i++) {
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, 1f);
    }
    return kernels.weight(new Tensor("probe", DType.F32, Shape.of(rows, cols), memory));
  }
}
