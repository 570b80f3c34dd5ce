package dev.jandaia.model;

import dev.jandaia.cache.SequenceCache;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Compute;

/**
 * LongRoPE (2402.13753) turns to other frequencies when a sequence outgrows a limit. What has been
 * remembered of it by then was rotated by the old ones, and so the sequence is read again from its
 * first token, once.
 *
 * @param limits lengths beyond which frequencies change; empty for most models, which do nothing
 *     here
 */
record Rereading(int[] limits) {

  /** Reads again what is remembered of sequences that are about to cross a limit. */
  void before(Compute compute, Batch batch, LanguageModel model) {
    for (int i = 0; limits.length > 0 && i < batch.chunkCount(); i++) {
      Batch.Chunk chunk = batch.chunk(i);
      if (crosses(chunk)) {
        read(compute, chunk.cache(), chunk.start() + chunk.rows(), model);
      }
    }
  }

  /** Keeps the ids of the batch with its sequences. */
  void after(Batch batch) {
    for (int i = 0; limits.length > 0 && i < batch.chunkCount(); i++) {
      Batch.Chunk chunk = batch.chunk(i);
      chunk.cache().keep(batch.ids(), chunk.firstRow(), chunk.rows());
    }
  }

  private boolean crosses(Batch.Chunk chunk) {
    for (int limit : limits) {
      if (chunk.start() > 0 && chunk.cache().reach() <= limit && chunk.reach() > limit) {
        return true;
      }
    }
    return false;
  }

  private static void read(Compute compute, SequenceCache cache, int reach, LanguageModel model) {
    int[] tokens = cache.tokens();
    cache.truncate(0);
    cache.announce(reach);
    Batch batch = new Batch();
    batch.add(cache, tokens, 0, tokens.length);
    int mark = compute.mark();
    model.hidden(compute, batch, LanguageModel.Observer.NONE);
    compute.release(mark);
  }
}
