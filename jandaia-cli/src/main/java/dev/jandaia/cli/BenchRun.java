package dev.jandaia.cli;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import java.util.Random;

/**
 * The two measurements of llama-bench: reading a prompt of random tokens in batches ({@code pp}),
 * and decoding one token after another from an empty context ({@code tg}). No sampling.
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
  long promptNanos(int tokens) {
    return nanos(tokens, BATCH);
  }

  /** Nanoseconds to decode {@code tokens} tokens. */
  long generationNanos(int tokens) {
    return nanos(tokens, 1);
  }

  private long nanos(int tokens, int step) {
    int[] ids = random.ints(tokens, 0, model.spec().vocabSize()).toArray();
    SequenceCache cache = model.newSequence();
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
