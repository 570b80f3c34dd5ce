package dev.jandaia.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How fast this machine reads memory: the floor of decoding, which reads every weight once per
 * token. One operation reads 1 GiB, far beyond any cache, so GiB/s is the score; {@code -t 2}
 * measures two threads together.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {Benchmarks.VECTOR_API, Benchmarks.NATIVE_ACCESS})
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
public class MemoryBandwidth {
  private static final long BYTES = 1L << 30;
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  private Arena arena;
  private MemorySegment memory;

  @Setup
  public void allocate() {
    arena = Arena.ofShared();
    memory = arena.allocate(BYTES, 64);
    // untouched pages are all one page of zeros, which the caches hold
    memory.fill((byte) 1);
  }

  @TearDown
  public void free() {
    arena.close();
  }

  /**
   * Sums the memory in four independent chains, so that the additions do not wait for one another.
   */
  @Benchmark
  public float readOneGibibyte() {
    int step = SPECIES.vectorByteSize();
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    for (long offset = 0; offset < BYTES; offset += 4L * step) {
      a = a.add(at(offset));
      b = b.add(at(offset + step));
      c = c.add(at(offset + 2L * step));
      d = d.add(at(offset + 3L * step));
    }
    return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
  }

  private FloatVector at(long offset) {
    return FloatVector.fromMemorySegment(SPECIES, memory, offset, ByteOrder.LITTLE_ENDIAN);
  }
}
