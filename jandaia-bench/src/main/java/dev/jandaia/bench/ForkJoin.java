package dev.jandaia.bench;

import dev.jandaia.kernel.Workers;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What one parallel loop costs beyond its body: here the body is next to nothing. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {Benchmarks.VECTOR_API, Benchmarks.NATIVE_ACCESS})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ForkJoin {
  private static final int STEP = 16; // floats of a cache line

  @Param({"1", "2"})
  int threads;

  private final float[] counts = new float[STEP * 64];
  private final Workers.Range body = (from, to, worker) -> counts[worker * STEP] += to - from;
  private Workers workers;

  @Setup
  public void start() {
    workers = Workers.of(threads);
  }

  @TearDown
  public void stop() {
    workers.close();
  }

  @Benchmark
  public void loop() {
    workers.run(threads, 1, body);
  }
}
