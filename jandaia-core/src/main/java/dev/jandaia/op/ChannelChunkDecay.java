package dev.jandaia.op;

import static dev.jandaia.op.DeltaChunk.LENGTH;

import dev.jandaia.kernel.Kernels;
import java.util.Arrays;

/**
 * A decay for each channel of the keys (2510.26692). a_ts stands inside the product x_t·(a_ts∘k_s)
 * and is split at a token between s and t: (a_tb∘x_t)·(a_bs∘k_s). Hence blocks within the chunk:
 * earlier keys have aged up to where a block begins and meet all its tokens in a matrix product;
 * tokens of the same block meet while its keys age token by token.
 */
final class ChannelChunkDecay implements ChunkDecay {
  /** Tokens of a block: enough for a matrix product. */
  private static final int BLOCK = 16;

  private final Kernels kernels;
  private final int keyDim;

  /** {@code [LENGTH, keyDim]}: keys, aged so far. */
  private final float[] aged;

  /** {@code [keyDim]}: the product of the decays since the block began, or since the chunk did. */
  private final float[] sinceBlock;

  private final float[] sinceStart;

  ChannelChunkDecay(Kernels kernels, int keyDim) {
    this.kernels = kernels;
    this.keyDim = keyDim;
    aged = new float[LENGTH * keyDim];
    sinceBlock = new float[keyDim];
    sinceStart = new float[keyDim];
  }

  @Override
  public void meet(
      DeltaStep step, int row, int n, int head, float[] left, float[] scores, float[] late) {
    Arrays.fill(sinceStart, 1);
    for (int first = 0; first < n; first += BLOCK) {
      int count = Math.min(BLOCK, n - first);
      Arrays.fill(sinceBlock, 1);
      for (int t = first; t < first + count; t++) {
        meetBlock(step, row, head, first, t, n, left, scores);
      }
      meetEarlier(first, first, count, left, scores);
      meetEarlier(first, n + first, count, left, scores);
      for (int s = 0; s < first; s++) {
        kernels.multiply(sinceBlock, 0, aged, s * keyDim, keyDim);
      }
      kernels.multiply(sinceBlock, 0, sinceStart, 0, keyDim);
    }
    for (int s = 0; s < n; s++) {
      for (int i = 0; i < keyDim; i++) {
        late[i * LENGTH + s] = aged[s * keyDim + i];
      }
    }
  }

  /** Token t with its block, itself included. */
  private void meetBlock(
      DeltaStep step, int row, int head, int first, int t, int n, float[] left, float[] scores) {
    float[] decays = step.decay().data();
    int factor = step.factor(row + t, head);
    for (int s = first; s < t; s++) {
      kernels.multiply(decays, factor, aged, s * keyDim, keyDim);
    }
    System.arraycopy(step.k().data(), step.key(row + t, head), aged, t * keyDim, keyDim);
    kernels.multiply(decays, factor, sinceBlock, 0, keyDim);
    for (int x = t; x <= n + t; x += n) {
      kernels.dots(
          left,
          x * keyDim,
          0,
          1,
          aged,
          first * keyDim,
          keyDim,
          t + 1 - first,
          keyDim,
          scores,
          x * LENGTH + first,
          0);
      kernels.multiply(sinceBlock, 0, left, x * keyDim, keyDim);
    }
    Arrays.fill(scores, (n + t) * LENGTH + t + 1, (n + t) * LENGTH + n, 0);
  }

  /**
   * The rows of a block with the keys of earlier blocks; then their decay goes back to the start.
   */
  private void meetEarlier(int first, int x, int count, float[] left, float[] scores) {
    kernels.dots(
        left,
        x * keyDim,
        keyDim,
        count,
        aged,
        0,
        keyDim,
        first,
        keyDim,
        scores,
        x * LENGTH,
        LENGTH);
    for (int t = x; t < x + count; t++) {
      kernels.multiply(sinceStart, 0, left, t * keyDim, keyDim);
    }
  }

  @Override
  public void age(float[] state, int offset, int valueDim) {
    for (int i = 0; i < keyDim; i++) {
      kernels.scale(sinceStart[i], state, offset + i * valueDim, valueDim);
    }
  }
}
