package dev.jandaia.load;

import dev.jandaia.tensor.Tensor;
import dev.jandaia.tensor.block.BlockCodec;

/**
 * Reads single elements of a tensor of any encoding; a block is decoded once while its elements are
 * asked for in turn.
 */
final class ElementReader {
  private final Tensor tensor;
  private final BlockCodec codec;
  private final float[] block;
  private long decoded = -1;

  ElementReader(Tensor tensor) {
    this.tensor = tensor;
    this.codec = BlockCodec.of(tensor.dtype());
    this.block = new float[tensor.dtype().blockSize()];
  }

  /** The element at an index of the row-major layout. */
  float at(long index) {
    long wanted = index / block.length;
    if (wanted != decoded) {
      codec.decode(tensor.data(), wanted * tensor.dtype().blockBytes(), block, 0, block.length);
      decoded = wanted;
    }
    return block[(int) (index % block.length)];
  }
}
