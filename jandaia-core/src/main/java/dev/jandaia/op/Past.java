package dev.jandaia.op;

import dev.jandaia.cache.KeyValueCache;

/** Where what a layer remembers of the rows before a chunk is kept. */
public interface Past {
  KeyValueCache of(Batch.Chunk chunk);
}
