package dev.jandaia.cli;

import dev.jandaia.atlas.RandomContext;
import dev.jandaia.cache.CacheType;
import dev.jandaia.cache.SequenceCache;
import dev.jandaia.model.LanguageModel;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The measurements of llama-bench on random tokens, without sampling. What the sequences hold
 * before the measured part is read once and, where their caches allow it, come back to for each
 * repetition.
 */
final class BenchRun {
  private final LanguageModel model;
  private final Compute compute;
  private final int batchSize;
  private final CacheType cacheType;
  private final boolean randomDepth;
  private final Batch batch = new Batch();
  private final Random random = new Random(1);
  private final List<SequenceCache> sequences = new ArrayList<>();
  private final List<SequenceCache.Checkpoint> starts = new ArrayList<>();
  private int depth;

  /**
   * @param batchSize tokens of a prompt that are read at once
   * @param cacheType how the sequences store what they remember
   * @param randomDepth whether caches begin with random numbers instead of tokens that were read
   */
  BenchRun(Engine engine, int batchSize, CacheType cacheType, boolean randomDepth) {
    this.model = engine.loaded().model();
    this.compute = engine.compute();
    this.batchSize = batchSize;
    this.cacheType = cacheType;
    this.randomDepth = randomDepth;
  }

  /** Nanoseconds that one run of the test takes. */
  long nanos(BenchTest test) {
    prepare(test);
    int[] ids = ids(test.prompt() + test.generated());
    long start = System.nanoTime();
    for (SequenceCache sequence : sequences) {
      read(sequence, ids, test.prompt());
    }
    for (int i = 0; i < test.generated(); i++) {
      decode(ids[test.prompt() + i]);
    }
    return System.nanoTime() - start;
  }

  /** Bytes that the caches of the last test hold. */
  long cacheBytes() {
    return sequences.stream().mapToLong(SequenceCache::bytes).sum();
  }

  private void prepare(BenchTest test) {
    boolean usable = depth == test.depth() && sequences.size() == test.sequences() && rewind();
    if (usable) {
      return;
    }
    sequences.clear();
    starts.clear();
    depth = test.depth();
    SequenceCache first = begun();
    sequences.add(first);
    while (sequences.size() < test.sequences()) {
      sequences.add(first.fork());
    }
    sequences.forEach(sequence -> starts.add(sequence.checkpoint()));
  }

  private SequenceCache begun() {
    if (randomDepth) {
      return RandomContext.of(model.spec(), cacheType, depth);
    }
    SequenceCache sequence = model.newSequence(cacheType);
    read(sequence, ids(depth), depth);
    return sequence;
  }

  /** Whether all sequences are where they began: a window may have moved on for good. */
  private boolean rewind() {
    try {
      for (int i = 0; i < sequences.size(); i++) {
        sequences.get(i).restore(starts.get(i));
      }
      return true;
    } catch (IllegalStateException _) {
      return false;
    }
  }

  private int[] ids(int count) {
    return random.ints(count, 0, model.spec().vocabSize()).toArray();
  }

  private void read(SequenceCache sequence, int[] ids, int count) {
    for (int from = 0; from < count; from += batchSize) {
      int mark = compute.mark();
      batch.clear();
      batch.add(sequence, ids, from, Math.min(batchSize, count - from));
      model.nextTokenLogits(compute, batch);
      compute.release(mark);
    }
  }

  private void decode(int id) {
    int mark = compute.mark();
    batch.clear();
    for (int i = 0; i < sequences.size(); i++) {
      batch.add(sequences.get(i), id);
    }
    model.nextTokenLogits(compute, batch);
    compute.release(mark);
  }
}
