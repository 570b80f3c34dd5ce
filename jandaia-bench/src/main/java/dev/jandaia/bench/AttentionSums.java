package dev.jandaia.bench;

import dev.jandaia.kernel.Kernels;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Warmup;

/** One query against a cache of 4096 keys or values of 128 floats; {@code bytes} is the score. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {Benchmarks.VECTOR_API, Benchmarks.NATIVE_ACCESS})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AttentionSums {
  private static final int KEYS = 4096;
  private static final int DIM = 128;

  @Param({"scalar", "vector", "emitted"})
  String kernels;

  private Kernels chosen;
  private float[] query;
  private float[] cache;
  private float[] weights;

  @Setup
  public void allocate() {
    chosen = Kernels.named(kernels);
    query = Weights.floats(DIM);
    cache = Weights.floats(KEYS * DIM);
    weights = Weights.floats(KEYS);
  }

  @Benchmark
  public float[] dots(DecodeMultiply.Bytes counter) {
    chosen.dots(query, 0, 0, 1, cache, 0, DIM, KEYS, DIM, weights, 0, 0);
    counter.bytes += 4L * KEYS * DIM;
    return weights;
  }

  @Benchmark
  public float[] weightedSum(DecodeMultiply.Bytes counter) {
    chosen.weightedSums(weights, 0, 0, 1, cache, 0, DIM, KEYS, DIM, query, 0, 0);
    counter.bytes += 4L * KEYS * DIM;
    return query;
  }
}
