package dev.jandaia.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jandaia.Goldens;
import dev.jandaia.cache.SequenceCache;
import dev.jandaia.family.Config;
import dev.jandaia.generate.Generation;
import dev.jandaia.generate.GenerationOptions;
import dev.jandaia.generate.Generator;
import dev.jandaia.generate.TokenSequence;
import dev.jandaia.generate.TokenSink;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import dev.jandaia.op.Matrix;
import dev.jandaia.spec.count.CacheCount;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Caches of models that mix recurrent states with keys and values: going back, and copies. */
class HybridCacheTest {
  private static final List<String> HYBRIDS = List.of("qwen3_next", "kimi_linear", "minimax");

  /** Not to the bit: how a register's lanes are summed may change when a kernel is compiled. */
  private static final float TOLERANCE = 1e-4f;

  private interface Check {
    void run(LoadedModel loaded, Compute compute);
  }

  private static Stream<DynamicTest> onEach(Check check) {
    return Goldens.cases().stream()
        .filter(directory -> HYBRIDS.contains(directory.getFileName().toString()))
        .map(directory ->
            DynamicTest.dynamicTest(
                directory.getFileName().toString(), () -> onModel(directory, check)));
  }

  private static void onModel(Path directory, Check check) {
    Config config = Config.read(directory.resolve("config.json"));
    try (LoadedModel loaded = LoadedModel.openDirectory(directory, config, Kernels.best());
        Workers workers = Workers.of(1)) {
      check.run(loaded, new Compute(Kernels.best(), workers));
    }
  }

  @TestFactory
  Stream<DynamicTest> restoringACheckpointBringsBackItsPosition() {
    return onEach((loaded, compute) -> {
      SequenceCache cache = loaded.model().newSequence();
      next(loaded, compute, cache, 5, 9, 2, 7, 7, 31, 4);
      SequenceCache.Checkpoint checkpoint = cache.checkpoint();
      float[] expected = next(loaded, compute, cache, 11);
      for (int attempt = 0; attempt < 2; attempt++) {
        next(loaded, compute, cache, 60, 61, 62, 63, 64);
        cache.restore(checkpoint);
        assertEquals(7, cache.position());
        assertArrayEquals(expected, next(loaded, compute, cache, 11), TOLERANCE);
      }
    });
  }

  @TestFactory
  Stream<DynamicTest> aForkGoesItsOwnWay() {
    return onEach((loaded, compute) -> {
      SequenceCache cache = loaded.model().newSequence();
      next(loaded, compute, cache, 5, 9, 2);
      SequenceCache fork = cache.fork();
      float[] expected = next(loaded, compute, cache, 11);
      next(loaded, compute, cache, 12, 13);
      assertEquals(3, fork.position());
      assertArrayEquals(expected, next(loaded, compute, fork, 11), TOLERANCE);
    });
  }

  @TestFactory
  Stream<DynamicTest> aStateCanOnlyStayOrBeginAnew() {
    return onEach((loaded, compute) -> {
      SequenceCache cache = loaded.model().newSequence();
      float[] expected = next(loaded, compute, cache, 5, 9, 2);
      assertThrows(IllegalStateException.class, () -> cache.truncate(2));
      cache.truncate(3);
      assertEquals(3, cache.position());
      cache.truncate(0);
      assertArrayEquals(expected, next(loaded, compute, cache, 5, 9, 2), TOLERANCE);
    });
  }

  @TestFactory
  Stream<DynamicTest> aCheckpointAheadOfTheSequenceIsRefused() {
    return onEach((loaded, compute) -> {
      SequenceCache cache = loaded.model().newSequence();
      next(loaded, compute, cache, 5, 9, 2);
      SequenceCache.Checkpoint checkpoint = cache.checkpoint();
      cache.truncate(0);
      assertThrows(IllegalArgumentException.class, () -> cache.restore(checkpoint));
    });
  }

  @TestFactory
  Stream<DynamicTest> statesTakeTheMemoryThatIsCounted() {
    return onEach((loaded, compute) -> {
      long fixed = CacheCount.of(loaded.spec()).fixedElements() * Float.BYTES;
      assertEquals(fixed, loaded.model().newSequence().bytes());
    });
  }

  @TestFactory
  Stream<DynamicTest> aPromptThatLeavesOutTheReplyIsReadFromTheEndOfTheLastPrompt() {
    return onEach((loaded, compute) -> {
      Generator generator = new Generator(loaded.model(), compute);
      int[] first = {5, 9, 2, 7, 31};
      int[] second = {5, 9, 2, 7, 31, 100, 4};
      int[] third = {5, 9, 2, 8};
      TokenSequence sequence = generator.newSequence();
      assertRead(5, generator, sequence, first);
      assertRead(2, generator, sequence, second);
      assertRead(4, generator, sequence, third);
    });
  }

  /** The completion is that of a fresh sequence, and {@code read} tokens had to be read for it. */
  private static void assertRead(
      int read, Generator generator, TokenSequence sequence, int[] prompt) {
    GenerationOptions options = GenerationOptions.greedy(6);
    TokenSink sink = (_, _) -> TokenSink.Verdict.CONTINUE;
    Generation fresh = generator.generate(List.of(prompt), options, sink);
    Generation continued = generator.continueSequence(sequence, prompt, options, sink);
    assertArrayEquals(
        fresh.completions().getFirst().tokens(), continued.completions().getFirst().tokens());
    assertEquals(read, continued.timings().promptTokens());
  }

  /** The logits after {@code ids}. */
  private static float[] next(
      LoadedModel loaded, Compute compute, SequenceCache cache, int... ids) {
    Batch batch = new Batch();
    batch.add(cache, ids, 0, ids.length);
    int mark = compute.mark();
    Matrix logits = loaded.model().nextTokenLogits(compute, batch);
    float[] copy = Arrays.copyOf(logits.data(), logits.size());
    compute.release(mark);
    return copy;
  }
}
