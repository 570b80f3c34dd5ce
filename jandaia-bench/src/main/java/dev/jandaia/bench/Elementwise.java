package dev.jandaia.bench;

import dev.jandaia.kernel.Kernels;
import java.util.Arrays;
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
 * What happens to activations between products, on 1024 floats in the first-level cache, a row of a
 * small model: nanoseconds per element are the score.
 *
 * <p>Operations in place run again and again on their own results, so their arguments are such that
 * values stay ordinary: factors of one, negation, and a shift of one, for which exp(x − 1) of 0..1
 * stays in 0..1.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Elementwise.LENGTH)
@Fork(
    value = 1,
    jvmArgsAppend = {Benchmarks.VECTOR_API, Benchmarks.NATIVE_ACCESS})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Elementwise {
  static final int LENGTH = 1024;
  private static final int HALF = LENGTH / 2;

  @Param({"scalar", "vector", "emitted"})
  String kernels;

  private Kernels chosen;
  private final float[] x = Weights.floats(LENGTH);
  private final float[] y = Weights.floats(LENGTH);
  private final float[] out = new float[LENGTH];
  private final float[] ones = new float[LENGTH];
  private final float[] powers = new float[LENGTH];
  private final float[] cos = new float[HALF];
  private final float[] sin = new float[HALF];

  @Setup
  public void prepare() {
    chosen = Kernels.named(kernels);
    Arrays.fill(ones, 1);
    for (int i = 0; i < HALF; i++) {
      cos[i] = (float) Math.cos(i);
      sin[i] = (float) Math.sin(i);
    }
  }

  @Benchmark
  public float dot() {
    return chosen.dot(x, 0, y, 0, LENGTH);
  }

  @Benchmark
  public float sumOfSquares() {
    return chosen.sumOfSquares(x, 0, LENGTH);
  }

  @Benchmark
  public float max() {
    return chosen.max(x, 0, LENGTH);
  }

  @Benchmark
  public float[] add() {
    chosen.add(x, 0, out, 0, LENGTH);
    return out;
  }

  @Benchmark
  public float[] axpy() {
    chosen.axpy(0.5f, x, 0, out, 0, LENGTH);
    return out;
  }

  @Benchmark
  public float[] multiply() {
    chosen.multiply(ones, 0, y, 0, LENGTH);
    return y;
  }

  @Benchmark
  public float[] scale() {
    chosen.scale(-1, y, 0, LENGTH);
    return y;
  }

  @Benchmark
  public float expSum() {
    return chosen.expSum(powers, 0, LENGTH, 1);
  }

  @Benchmark
  public float[] scaleByGain() {
    chosen.scaleByGain(x, 0, 0.5f, y, 0, out, 0, LENGTH);
    return out;
  }

  @Benchmark
  public float[] siluMultiply() {
    chosen.siluMultiply(x, 0, y, 0, out, 0, LENGTH);
    return out;
  }

  @Benchmark
  public float[] geluTanhMultiply() {
    chosen.geluTanhMultiply(x, 0, y, 0, out, 0, LENGTH);
    return out;
  }

  @Benchmark
  public float[] rotateHalves() {
    chosen.rotateHalves(x, 0, cos, sin, 0, HALF, 1);
    return x;
  }

  @Benchmark
  public float[] rotatePairs() {
    chosen.rotatePairs(x, 0, cos, sin, 0, HALF, 1);
    return x;
  }

  @Benchmark
  public float[] hadamard() {
    chosen.hadamard(x, 0, LENGTH);
    return x;
  }
}
