package dev.jandaia.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.jandaia.cache.SequenceCache;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.model.SpecZoo.Named;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.spec.ModelSpec;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Decoding allocates nothing but the blocks by which caches grow. */
class AllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** The table of rotary angles doubles at 256 and at 512 positions: measure between them. */
  private static final int WARM_UP = 300;

  private static final int MEASURED = 200;

  /** Header and alignment of an array. */
  private static final int ARRAY_OVERHEAD = 24;

  /** Sequences that are decoded side by side. */
  private static final class Decoding {
    private final LanguageModel model;
    private final Compute compute;
    private final List<SequenceCache> caches;
    private final Batch batch = new Batch();
    private int token;

    Decoding(ModelSpec spec, Kernels kernels, Workers workers, int sequences) {
      model = RandomModel.of(spec, kernels);
      compute = new Compute(kernels, workers);
      caches = Stream.generate(model::newSequence).limit(sequences).toList();
    }

    void tokens(int count) {
      for (int i = 0; i < count; i++) {
        batch.clear();
        for (int s = 0; s < caches.size(); s++) {
          batch.add(caches.get(s), (token + s) % SpecZoo.VOCAB);
        }
        int mark = compute.mark();
        float[] logits = model.nextTokenLogits(compute, batch).data();
        token = logits[0] > logits[1] ? 7 * token + 1 : token + 1;
        token %= SpecZoo.VOCAB;
        compute.release(mark);
      }
    }

    long cacheBytes() {
      return caches.stream().mapToLong(SequenceCache::bytes).sum();
    }
  }

  /** What is allocated once, by a JVM that links or compiles late, is gone in the next attempt. */
  @ParameterizedTest
  @MethodSource("dev.jandaia.model.SpecZoo#all")
  void decodingAllocatesOnlyTheGrowthOfCaches(Named named) {
    for (int sequences : new int[] {1, 3}) {
      long surplus = Long.MAX_VALUE;
      for (int attempt = 0; attempt < 3 && surplus > 0; attempt++) {
        surplus = surplus(named.spec(), sequences);
      }
      assertTrue(surplus <= 0, "%d bytes beyond the growth of caches".formatted(surplus));
    }
  }

  /** Bytes that 200 tokens allocate beyond the growth of caches and the headers of its arrays. */
  private static long surplus(ModelSpec spec, int sequences) {
    try (Workers workers = Workers.of(1)) {
      Decoding decoding = new Decoding(spec, Kernels.scalar(), workers, sequences);
      decoding.tokens(WARM_UP);
      long heldBefore = decoding.cacheBytes();
      long before = THREADS.getCurrentThreadAllocatedBytes();
      decoding.tokens(MEASURED);
      long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      long growth = decoding.cacheBytes() - heldBefore;
      assertTrue(allocated >= growth, "caches grew by more than was allocated");
      long blocks = 2L * spec.numLayers() * sequences * (MEASURED / 64 + 1);
      return allocated - growth - (growth == 0 ? 0 : blocks * ARRAY_OVERHEAD);
    }
  }

  @Test
  void decodingWithFullRingsAllocatesNothing() {
    try (Workers workers = Workers.of(1)) {
      Decoding decoding =
          new Decoding(SpecZoo.byName("wide-sliding").spec(), Kernels.scalar(), workers, 1);
      decoding.tokens(WARM_UP);
      assertEquals(0, leastOfRounds(Thread.currentThread(), decoding));
    }
  }

  @Test
  void theOtherThreadsAllocateNothing() {
    try (Workers workers = Workers.of(2)) {
      Thread other = workerThread();
      Decoding decoding =
          new Decoding(SpecZoo.byName("wide-sliding").spec(), Kernels.scalar(), workers, 1);
      decoding.tokens(WARM_UP);
      assertEquals(0, leastOfRounds(Thread.currentThread(), decoding), "the caller");
      assertEquals(0, leastOfRounds(other, decoding), "the worker");
    }
  }

  /**
   * The vector kernels keep their vectors in registers once they are compiled. In a JVM of its own:
   * where other tests have used vectors of other widths the compiler knows less.
   */
  @Test
  void theFastKernelsAllocateNothingOnceTheyAreCompiled() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                AllocationTest.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals("0", out.strip(), "bytes of " + MEASURED + " tokens");
    assertEquals(0, process.waitFor());
  }

  /**
   * Decodes with the fast kernels until a round allocates nothing, which compilation may delay, or
   * a minute has passed; prints the bytes of the last round.
   */
  public static void main(String[] args) {
    try (Workers workers = Workers.of(2)) {
      Thread other = workerThread();
      Decoding decoding =
          new Decoding(SpecZoo.byName("wide-sliding").spec(), Kernels.best(), workers, 1);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      long allocated = 1;
      while (allocated > 0 && System.nanoTime() < deadline) {
        long before = THREADS.getThreadAllocatedBytes(other.threadId());
        before += THREADS.getCurrentThreadAllocatedBytes();
        decoding.tokens(MEASURED);
        allocated = THREADS.getThreadAllocatedBytes(other.threadId());
        allocated += THREADS.getCurrentThreadAllocatedBytes() - before;
      }
      System.out.println(allocated);
    }
  }

  /**
   * The fewest bytes that a thread allocates in one of several rounds of tokens: the JVM itself now
   * and then allocates for a thread, when it links or recompiles; what every token needs would show
   * in every round.
   */
  private static long leastOfRounds(Thread thread, Decoding decoding) {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = THREADS.getThreadAllocatedBytes(thread.threadId());
      decoding.tokens(MEASURED);
      least = Math.min(least, THREADS.getThreadAllocatedBytes(thread.threadId()) - before);
    }
    return least;
  }

  private static Thread workerThread() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("jandaia-worker-1"))
        .findFirst()
        .orElseThrow();
  }
}
