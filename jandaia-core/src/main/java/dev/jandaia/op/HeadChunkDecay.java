package dev.jandaia.op;

import static dev.jandaia.op.DeltaChunk.LENGTH;

import dev.jandaia.kernel.Kernels;
import java.util.Arrays;

/** One decay for the whole state: a factor of each score, x_t·(a_ts∘k_s) = a_ts·(x_t·k_s). */
final class HeadChunkDecay implements ChunkDecay {
  private final Kernels kernels;
  private final int keyDim;

  /** a_ts of one token t. */
  private final float[] kept = new float[LENGTH];

  private float sinceStart;

  HeadChunkDecay(Kernels kernels, int keyDim) {
    this.kernels = kernels;
    this.keyDim = keyDim;
  }

  @Override
  public void meet(
      DeltaStep step, int row, int n, int head, float[] left, float[] scores, float[] late) {
    float[] keys = step.k().data();
    int firstKey = step.key(row, head);
    int stride = step.k().cols();
    kernels.dots(left, 0, keyDim, 2 * n, keys, firstKey, stride, n, keyDim, scores, 0, LENGTH);
    sinceStart = 1;
    for (int t = 0; t < n; t++) {
      float factor = step.decay().data()[step.factor(row + t, head)];
      sinceStart *= factor;
      kernels.scale(factor, kept, 0, t);
      kept[t] = 1;
      int query = n + t;
      kernels.multiply(kept, 0, scores, t * LENGTH, t);
      kernels.multiply(kept, 0, scores, query * LENGTH, t);
      Arrays.fill(scores, query * LENGTH + t + 1, query * LENGTH + n, 0);
      kernels.scale(sinceStart, left, t * keyDim, keyDim);
      kernels.scale(sinceStart, left, query * keyDim, keyDim);
    }
    for (int s = 0; s < n; s++) {
      for (int i = 0; i < keyDim; i++) {
        late[i * LENGTH + s] = kept[s] * keys[firstKey + s * stride + i];
      }
    }
  }

  @Override
  public void age(float[] state, int offset, int valueDim) {
    kernels.scale(sinceStart, state, offset, keyDim * valueDim);
  }
}
