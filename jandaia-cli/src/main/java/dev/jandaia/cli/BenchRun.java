package dev.jandaia.cli;

import dev.jandaia.atlas.RandomContext;
import dev.jandaia.cache.CacheType;
import dev.jandaia.cache.SequenceCache;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import java.util.Random;

/**
 * The two measurements of llama-bench: reading a prompt of random tokens in batches ({@code pp}),
 * and decoding one token after another ({@code tg}), from an empty context or a filled one. No
 * sampling.
 */
final class BenchRun {
  private static final int BATCH = 512;

  private final LanguageModel model;
  private final Compute compute;
  private final Batch batch = new Batch();
  private final Random random = new Random(1);

  BenchRun(Engine engine) {
    this.model = engine.loaded().model();
    this.compute = engine.compute();
  }

  /** Nanoseconds to read {@code tokens} tokens. */
  long promptNanos(int tokens, SequenceCache cache) {
    return nanos(tokens, BATCH, cache);
  }

  /** Nanoseconds to decode {@code tokens} tokens. */
  long generationNanos(int tokens, SequenceCache cache) {
    return nanos(tokens, 1, cache);
  }

  /** A sequence of {@code depth} made-up tokens: what attention costs does not depend on them. */
  SequenceCache filled(int depth, CacheType type) {
    return RandomContext.of(model.spec(), type, depth);
  }

  private long nanos(int tokens, int step, SequenceCache cache) {
    int[] ids = random.ints(tokens, 0, model.spec().vocabSize()).toArray();
    long start = System.nanoTime();
    for (int from = 0; from < tokens; from += step) {
      int mark = compute.mark();
      batch.clear();
      batch.add(cache, ids, from, Math.min(step, tokens - from));
      model.nextTokenLogits(compute, batch);
      compute.release(mark);
    }
    return System.nanoTime() - start;
  }
}
