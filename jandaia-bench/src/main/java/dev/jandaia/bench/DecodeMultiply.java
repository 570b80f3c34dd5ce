package dev.jandaia.bench;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.WeightMatrix;
import dev.jandaia.tensor.DType;
import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One token through one weight matrix {@code [rows, 2048]}: bound by memory, so {@code bytes} per
 * second is the score. 512 rows stay in the cache, 32768 do not.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {Benchmarks.VECTOR_API, Benchmarks.NATIVE_ACCESS})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecodeMultiply {
  private static final int COLS = 2048;

  @Param({"scalar", "vector", "emitted"})
  String kernels;

  @Param({"F32", "BF16", "F16", "Q8_0", "Q4_0", "IQ4_NL", "MXFP4", "Q4_K", "Q5_K", "Q6_K"})
  DType dtype;

  @Param({"512", "32768"})
  int rows;

  private Arena arena;
  private WeightMatrix weight;
  private float[] x;
  private float[] y;

  @Setup
  public void allocate() {
    arena = Arena.ofShared();
    Kernels chosen = Kernels.named(kernels);
    weight = chosen.weight(Weights.matrix(arena, dtype, rows, COLS));
    x = Weights.floats(COLS);
    y = new float[rows];
  }

  @TearDown
  public void free() {
    arena.close();
  }

  @Benchmark
  public float[] multiply(Bytes counter) {
    weight.multiply(x, 0, COLS, 1, y, 0, rows, 0, rows);
    counter.bytes += weight.bytes();
    return y;
  }

  /** Bytes of weights read; JMH divides by the time. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Bytes {
    public long bytes;
  }
}
