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
 * Many tokens through one weight matrix, and the two gradients: bound by arithmetic, so {@code
 * flops} per second is the score. Shapes are {@code tokens×rows×cols}: a prefill, and the layers of
 * a small model in training.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {Benchmarks.VECTOR_API, Benchmarks.NATIVE_ACCESS})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MatrixMultiply {
  @Param({"scalar", "vector", "emitted"})
  String kernels;

  @Param({"F32", "BF16", "F16", "Q8_0", "Q4_0", "IQ4_NL", "MXFP4", "Q4_K", "Q5_K", "Q6_K"})
  DType dtype;

  @Param({"512x3072x1024", "2048x384x128", "2048x64x64"})
  String shape;

  private Arena arena;
  private Kernels chosen;
  private WeightMatrix weight;
  private int m;
  private int rows;
  private int cols;
  private float[] x;
  private float[] y;
  private float[] dWeight;

  @Setup
  public void allocate() {
    String[] parts = shape.split("x");
    m = Integer.parseInt(parts[0]);
    rows = Integer.parseInt(parts[1]);
    cols = Integer.parseInt(parts[2]);
    arena = Arena.ofShared();
    chosen = Kernels.named(kernels);
    weight = chosen.weight(Weights.matrix(arena, dtype, rows, cols));
    x = Weights.floats(m * cols);
    y = Weights.floats(m * rows);
    dWeight = new float[rows * cols];
  }

  @TearDown
  public void free() {
    arena.close();
  }

  @Benchmark
  public float[] forward(Flops counter) {
    weight.multiply(x, 0, cols, m, y, 0, rows, 0, rows);
    counter.flops += 2L * m * rows * cols;
    return y;
  }

  @Benchmark
  public float[] inputGradient(Flops counter) {
    weight.multiplyTransposed(y, 0, rows, m, x, 0, cols, 0, rows, 0, cols);
    counter.flops += 2L * m * rows * cols;
    return x;
  }

  @Benchmark
  public float[] weightGradient(Flops counter) {
    chosen.addOuterProducts(y, 0, rows, x, 0, cols, m, dWeight, cols, 0, rows);
    counter.flops += 2L * m * rows * cols;
    return dWeight;
  }

  /** Multiplications and additions; JMH divides by the time. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Flops {
    public long flops;
  }
}
