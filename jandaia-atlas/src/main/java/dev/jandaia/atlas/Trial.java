package dev.jandaia.atlas;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import java.util.Random;

/**
 * What a model did on this machine.
 *
 * @param weights where they came from: {@code BF16 as stored}, {@code random BF16}
 * @param weightBytes held or mapped
 * @param movedWeightBytes of the weights that one token meets
 * @param prompt tokens of the prompt
 * @param prefillRate tokens per second, reading the prompt
 * @param decodeRate tokens per second, one after the other from there
 * @param cacheBytes held at the end
 * @param workspaceBytes of activations
 */
record Trial(
    String weights,
    long weightBytes,
    double movedWeightBytes,
    int prompt,
    double prefillRate,
    double decodeRate,
    long cacheBytes,
    long workspaceBytes) {

  private static final int MOST_STEPS = 64;

  /** How long the warm-up and each measurement may take, roughly. */
  private static final long PATIENCE_NANOS = 3_000_000_000L;

  /** Times of one run. */
  record Times(double prefillRate, double decodeRate, long cacheBytes) {}

  /** Reads a prompt and decodes for a few seconds at most; the first run only warms up. */
  static Times run(LanguageModel model, Compute compute, int prompt) {
    once(model, compute, Math.min(prompt, 8));
    return once(model, compute, prompt);
  }

  private static Times once(LanguageModel model, Compute compute, int prompt) {
    int[] ids = new Random(1).ints(prompt, 0, model.spec().vocabSize()).toArray();
    SequenceCache cache = model.newSequence();
    long start = System.nanoTime();
    step(model, compute, cache, ids);
    long read = System.nanoTime();
    int steps = 0;
    while (steps < MOST_STEPS && (steps < 2 || System.nanoTime() - read < PATIENCE_NANOS)) {
      step(model, compute, cache, new int[] {ids[steps % prompt]});
      steps++;
    }
    long end = System.nanoTime();
    return new Times(prompt * 1e9 / (read - start), steps * 1e9 / (end - read), cache.bytes());
  }

  private static void step(LanguageModel model, Compute compute, SequenceCache cache, int[] ids) {
    Batch batch = new Batch();
    int mark = compute.mark();
    batch.add(cache, ids, 0, ids.length);
    model.nextTokenLogits(compute, batch);
    compute.release(mark);
  }
}
