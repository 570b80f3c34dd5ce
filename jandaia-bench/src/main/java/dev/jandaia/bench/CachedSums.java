package dev.jandaia.bench;

import dev.jandaia.kernel.CachedRows;
import dev.jandaia.kernel.Kernels;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Two queries (the heads that share a key/value head) against 4096 keys or values of 128 elements,
 * stored as a cache stores them: nanoseconds per row are the score. The rows of a block are 16 KiB
 * at the most, and one block after another is read, as in a long context.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(CachedSums.ROWS)
@Fork(
    value = 1,
    jvmArgsAppend = {Benchmarks.VECTOR_API, Benchmarks.NATIVE_ACCESS})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CachedSums {
  static final int ROWS = 4096;
  private static final int BLOCK = 64;
  private static final int DIM = 128;
  private static final int QUERIES = 2;

  /** Encodings of {@link CachedRows}. */
  public enum Encoding {
    F16,
    BF16,
    Q8_0,
    CODES_4,
    CODES_3,
    CODES_2,
    CODES_1;

    CachedRows rows() {
      return switch (this) {
        case F16 -> new CachedRows.Halves(BLOCK, DIM);
        case BF16 -> new CachedRows.Brains(BLOCK, DIM);
        case Q8_0 -> new CachedRows.Bytes(BLOCK, DIM);
        case CODES_4 -> codes(4);
        case CODES_3 -> codes(3);
        case CODES_2 -> codes(2);
        case CODES_1 -> codes(1);
      };
    }

    private static CachedRows codes(int bits) {
      return new CachedRows.Codes(BLOCK, DIM, bits, Weights.floats(16));
    }
  }

  @Param({"scalar", "vector", "emitted"})
  String kernels;

  @Param Encoding encoding;

  private Kernels chosen;
  private final CachedRows[] blocks = new CachedRows[ROWS / BLOCK];
  private final float[] queries = Weights.floats(QUERIES * DIM);
  private final float[] sums = new float[QUERIES * DIM];
  private final float[] scores = new float[QUERIES * BLOCK];

  @Setup
  public void allocate() {
    chosen = Kernels.named(kernels);
    for (int b = 0; b < blocks.length; b++) {
      blocks[b] = encoding.rows();
    }
  }

  private CachedRows after(int block) {
    return blocks[(block + 1) % blocks.length];
  }

  @Benchmark
  public float[] dots() {
    for (int b = 0; b < blocks.length; b++) {
      chosen.dots(queries, 0, DIM, QUERIES, blocks[b], after(b), 0, BLOCK, scores, 0, BLOCK);
    }
    return scores;
  }

  @Benchmark
  public float[] weightedSums() {
    for (int b = 0; b < blocks.length; b++) {
      chosen.weightedSums(
          queries, 0, BLOCK, QUERIES, blocks[b], after(b), 0, BLOCK, DIM, sums, 0, DIM);
    }
    return sums;
  }
}
