package dev.jandaia.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.jandaia.cache.CacheType;
import dev.jandaia.cache.SequenceCache;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.MachineCode;
import dev.jandaia.kernel.Workers;
import dev.jandaia.model.SpecZoo.Named;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.tensor.DType;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Decoding allocates nothing but the blocks by which caches grow. Everything runs in JVMs of its
 * own, because the JVM allocates for a thread too: whoever has a method compiled first gets the
 * text constants of its class made, at a time that depends on how busy the compiler is.
 */
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

    Decoding(LanguageModel model, Kernels kernels, Workers workers, int sequences) {
      this.model = model;
      compute = new Compute(kernels, workers);
      CacheType type = CacheType.usual(kernels);
      caches = Stream.generate(() -> model.newSequence(type)).limit(sequences).toList();
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

  /** Compiled at the first call, and without the compiler that would leave objects out. */
  @Test
  void decodingAllocatesOnlyTheGrowthOfCaches() throws Exception {
    assertEquals("[]", inItsOwnJvm("every-layer", "-Xcomp", "-XX:TieredStopAtLevel=1"));
  }

  @Test
  void theOtherThreadsAllocateNothing() throws Exception {
    assertEquals("0 0", inItsOwnJvm("two-threads", "-Xcomp", "-XX:TieredStopAtLevel=1"));
  }

  /** The vector kernels keep their vectors in registers once they are compiled. */
  @Test
  void theFastKernelsAllocateNothingOnceTheyAreCompiled() throws Exception {
    assertEquals("0", inItsOwnJvm("exact"), "bytes of " + MEASURED + " tokens");
    assertEquals("0", inItsOwnJvm("vector"), "bytes of " + MEASURED + " tokens");
  }

  @Test
  void machineCodeAllocatesNothingOnceItsCallsAreCompiled() throws Exception {
    MachineCode.forAllWeights();
    assertEquals("0", inItsOwnJvm("emitted"), "bytes of " + MEASURED + " tokens");
  }

  private static String inItsOwnJvm(String what, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            AllocationTest.class.getName(),
            what));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());
    return out.strip();
  }

  public static void main(String[] args) {
    switch (args[0]) {
      case "every-layer" -> System.out.println(layersThatAllocate());
      case "two-threads" -> System.out.println(bytesOfTwoThreads());
      case "exact" ->
          System.out.println(
              bytesOnceCompiled(RandomModel.of(wide(), Kernels.best()), Kernels.best()));
      case "vector", "emitted" -> {
        Kernels kernels = Kernels.named(args[0]);
        DType dtype = args[0].equals("vector") ? DType.Q4_0 : DType.Q8_0;
        LanguageModel model = new LanguageModel(wide(), QuantisedWeights.of(dtype, kernels));
        System.out.println(bytesOnceCompiled(model, kernels));
      }
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static ModelSpec wide() {
    return SpecZoo.byName("wide-sliding").spec();
  }

  private static List<String> layersThatAllocate() {
    List<String> all = new ArrayList<>();
    for (Named named : SpecZoo.all().toList()) {
      for (int sequences : new int[] {1, 3}) {
        long surplus = surplus(named, sequences);
        if (surplus > 0) {
          all.add("%s, %d sequences: %d bytes".formatted(named, sequences, surplus));
        }
      }
    }
    return all;
  }

  /** Bytes that 200 tokens allocate beyond the growth of caches and the headers of its arrays. */
  private static long surplus(Named named, int sequences) {
    try (Workers workers = Workers.of(1)) {
      Kernels kernels = Kernels.scalar();
      LanguageModel model = RandomModel.of(named.spec(), kernels);
      Decoding decoding = new Decoding(model, kernels, workers, sequences);
      decoding.tokens(WARM_UP);
      long heldBefore = decoding.cacheBytes();
      long before = THREADS.getCurrentThreadAllocatedBytes();
      decoding.tokens(MEASURED);
      long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      long growth = decoding.cacheBytes() - heldBefore;
      if (allocated < growth) {
        throw new IllegalStateException("caches grew by more than was allocated");
      }
      long blocks = 2L * named.spec().numLayers() * sequences * (MEASURED / 64 + 1);
      return allocated - growth - (growth == 0 ? 0 : blocks * ARRAY_OVERHEAD);
    }
  }

  /** Bytes of the caller and of the worker, with rings that are full. */
  private static String bytesOfTwoThreads() {
    try (Workers workers = Workers.of(2)) {
      Thread other = workerThread();
      Kernels kernels = Kernels.scalar();
      Decoding decoding = new Decoding(RandomModel.of(wide(), kernels), kernels, workers, 1);
      decoding.tokens(WARM_UP);
      long caller = THREADS.getCurrentThreadAllocatedBytes();
      long worker = THREADS.getThreadAllocatedBytes(other.threadId());
      decoding.tokens(MEASURED);
      caller = THREADS.getCurrentThreadAllocatedBytes() - caller;
      worker = THREADS.getThreadAllocatedBytes(other.threadId()) - worker;
      return caller + " " + worker;
    }
  }

  /**
   * Decodes until a round allocates nothing, which compilation may delay, or a minute has passed;
   * the bytes of both threads in the last round.
   */
  private static long bytesOnceCompiled(LanguageModel model, Kernels kernels) {
    try (Workers workers = Workers.of(2)) {
      Thread other = workerThread();
      Decoding decoding = new Decoding(model, kernels, workers, 1);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      long allocated = 1;
      while (allocated > 0 && System.nanoTime() < deadline) {
        long before = THREADS.getThreadAllocatedBytes(other.threadId());
        before += THREADS.getCurrentThreadAllocatedBytes();
        decoding.tokens(MEASURED);
        allocated = THREADS.getThreadAllocatedBytes(other.threadId());
        allocated += THREADS.getCurrentThreadAllocatedBytes() - before;
      }
      return allocated;
    }
  }

  private static Thread workerThread() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("jandaia-worker-1"))
        .findFirst()
        .orElseThrow();
  }
}
