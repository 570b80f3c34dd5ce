package dev.jandaia.model;

import dev.jandaia.cache.KeyValueCache;
import dev.jandaia.cache.RecurrentCache;
import dev.jandaia.op.Batch;
import dev.jandaia.op.Matrix;
import dev.jandaia.op.Past;

/** Tells the caches of a batch's sequences what its rows bring. */
final class Remember {
  private Remember() {}

  /** Hands over keys and values. */
  static void rows(Batch batch, int layer, Matrix keys, Matrix values) {
    for (int i = 0; i < batch.chunkCount(); i++) {
      Batch.Chunk chunk = batch.chunk(i);
      append(chunk.cache().layer(layer), chunk, keys, values);
    }
  }

  /** Hands over the keys of an indexer. */
  static void indexKeys(Batch batch, int layer, Matrix keys) {
    for (int i = 0; i < batch.chunkCount(); i++) {
      Batch.Chunk chunk = batch.chunk(i);
      append(chunk.cache().indexKeys(layer), chunk, keys, keys);
    }
  }

  /** Hands over one head of rows whose values are the keys. */
  static void rows(Batch batch, Past past, Matrix rows) {
    for (int i = 0; i < batch.chunkCount(); i++) {
      Batch.Chunk chunk = batch.chunk(i);
      append(past.of(chunk), chunk, rows, rows);
    }
  }

  /** Hands over the entries that the batch completes. */
  static void entries(Batch batch, Past past, Matrix entries) {
    for (int i = 0; i < batch.chunkCount(); i++) {
      int offset = entries.offset(batch.entries().firstRow(i));
      float[] rows = entries.data();
      int width = entries.cols();
      past.of(batch.chunk(i))
          .append(rows, offset, width, rows, offset, width, batch.entries().count(i));
    }
  }

  private static void append(KeyValueCache past, Batch.Chunk chunk, Matrix keys, Matrix values) {
    past.append(
        keys.data(),
        keys.offset(chunk.firstRow()),
        keys.cols(),
        values.data(),
        values.offset(chunk.firstRow()),
        values.cols(),
        chunk.rows());
  }

  /** Notes that the states of a linear attention layer have taken in the rows of a batch. */
  static void state(Batch batch, int layer) {
    for (int i = 0; i < batch.chunkCount(); i++) {
      Batch.Chunk chunk = batch.chunk(i);
      RecurrentCache past = chunk.cache().recurrent(layer);
      if (!past.remembers() && chunk.start() > 0) {
        throw new IllegalStateException("nothing is remembered");
      }
      past.advance(chunk.rows());
    }
  }
}
