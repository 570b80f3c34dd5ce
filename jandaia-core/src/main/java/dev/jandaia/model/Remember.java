package dev.jandaia.model;

import dev.jandaia.op.Batch;
import dev.jandaia.op.Matrix;

/** Hands the keys and values of a batch to the caches of its sequences. */
final class Remember {
  private Remember() {}

  static void rows(Batch batch, int layer, Matrix keys, Matrix values) {
    for (int i = 0; i < batch.chunkCount(); i++) {
      Batch.Chunk chunk = batch.chunk(i);
      chunk
          .cache()
          .layer(layer)
          .append(
              keys.data(),
              keys.offset(chunk.firstRow()),
              keys.cols(),
              values.data(),
              values.offset(chunk.firstRow()),
              values.cols(),
              chunk.rows());
    }
  }
}
