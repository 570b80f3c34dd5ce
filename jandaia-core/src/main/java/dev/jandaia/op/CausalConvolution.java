package dev.jandaia.op;

import dev.jandaia.cache.RecurrentCache;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;

/**
 * Depthwise causal convolution along the sequence: y[t, c] = Σ_j w[c, j]·x[t − K + 1 + j, c]. Each
 * channel sees its own last K inputs; those before a chunk come from the cache, and before the
 * sequence there are zeros.
 */
public final class CausalConvolution {
  /** Channels of one item of the parallel loop. */
  private static final int BAND = 256;

  private CausalConvolution() {}

  /**
   * @param layer which cache of each sequence holds the last inputs
   * @param first where in {@link RecurrentCache#convolution} the {@code [K − 1, W]} inputs of this
   *     convolution begin
   * @param x {@code [M, W]}
   * @param weight {@code [W·K]}, channel after channel, the weight of the latest input last
   * @return {@code [M, W]}
   */
  public static Matrix apply(
      Compute compute, Batch batch, int layer, int first, Matrix x, VectorParameter weight) {
    Matrix y = compute.take(x.rows(), x.cols());
    compute.causalConvolutionForward.run(compute, batch, layer, first, x, weight.values(), y);
    if (compute.recording()) {
      WholeSequences sequences = WholeSequences.of(batch);
      compute.record(() -> backward(compute, sequences, x, weight, y));
    }
    return y;
  }

  /** dx[t − K + 1 + j] += w[j]·dy[t], dw[j] += Σ_t x[t − K + 1 + j]·dy[t]. */
  private static void backward(
      Compute compute, WholeSequences sequences, Matrix x, VectorParameter weight, Matrix y) {
    int taps = weight.size() / x.cols();
    compute.forEach(
        x.cols(),
        (long) x.rows() * taps,
        (from, to, worker) -> {
          for (int c = from; c < to; c++) {
            for (int s = 0; s < sequences.count(); s++) {
              int row = sequences.firstRow(s);
              channel(row, sequences.rowCount(s), c, taps, x, weight, y);
            }
          }
        });
  }

  private static void channel(
      int firstRow, int rows, int c, int taps, Matrix x, VectorParameter weight, Matrix y) {
    for (int t = 0; t < rows; t++) {
      float dy = y.grad()[y.offset(firstRow + t) + c];
      for (int j = Math.max(0, taps - 1 - t); j < taps; j++) {
        int input = x.offset(firstRow + t - taps + 1 + j) + c;
        x.grad()[input] += weight.values()[c * taps + j] * dy;
        if (weight.trainable()) {
          weight.grad()[c * taps + j] += x.data()[input] * dy;
        }
      }
    }
  }

  /**
   * The parallel loop: one item is one band of channels of one chunk. Rows whose inputs are all in
   * the chunk are computed a row at a time, Σ_j w_j∘x[t − K + 1 + j]; the first ones, which look
   * back further, channel by channel.
   */
  static final class Forward implements Workers.Range {
    private Kernels kernels;
    private float[][] scratch = {};
    private Batch batch;
    private int layer;
    private int first;
    private Matrix x;
    private float[] weight;
    private Matrix y;
    private int taps;
    private int bands;

    void run(
        Compute compute,
        Batch rows,
        int layerIndex,
        int firstInput,
        Matrix input,
        float[] weights,
        Matrix output) {
      batch = rows;
      layer = layerIndex;
      first = firstInput;
      x = input;
      weight = weights;
      y = output;
      kernels = compute.kernels();
      taps = weights.length / input.cols();
      if (scratch.length == 0 || scratch[0].length < (taps + 1) * BAND) {
        scratch = new float[compute.workers().count()][(taps + 1) * BAND];
      }
      bands = Math.ceilDiv(input.cols(), BAND);
      long work = (long) batch.chunk(0).rows() * BAND * taps;
      compute.forEach(batch.chunkCount() * bands, work, this);
    }

    @Override
    public void run(int from, int to, int worker) {
      for (int item = from; item < to; item++) {
        Batch.Chunk chunk = batch.chunk(item / bands);
        RecurrentCache past = chunk.cache().recurrent(layer);
        int begin = item % bands * BAND;
        int end = Math.min(x.cols(), begin + BAND);
        for (int c = begin; c < end; c++) {
          channel(chunk, past, c);
        }
        if (chunk.rows() >= taps) {
          rows(chunk, begin, end - begin, scratch[worker]);
        }
        if (past.remembers()) {
          remember(chunk, past.convolution(), begin, end);
        }
      }
    }

    /** The first K − 1 rows. */
    private void channel(Batch.Chunk chunk, RecurrentCache past, int c) {
      int count = Math.min(chunk.rows(), taps - 1);
      for (int t = 0; t < count; t++) {
        float sum = 0;
        for (int j = taps - 1 - t; j < taps; j++) {
          sum += weight[c * taps + j] * x.data()[x.offset(chunk.firstRow() + t - taps + 1 + j) + c];
        }
        for (int j = 0; past.remembers() && j < taps - 1 - t; j++) {
          sum += weight[c * taps + j] * past.convolution()[first + (t + j) * x.cols() + c];
        }
        y.data()[y.offset(chunk.firstRow() + t) + c] = sum;
      }
    }

    /** The rows after them. */
    private void rows(Batch.Chunk chunk, int begin, int channels, float[] scratch) {
      for (int c = 0; c < channels; c++) {
        for (int j = 0; j < taps; j++) {
          scratch[(j + 1) * BAND + c] = weight[(begin + c) * taps + j];
        }
      }
      for (int t = taps - 1; t < chunk.rows(); t++) {
        int at = x.offset(chunk.firstRow() + t) + begin;
        kernels.scaleByGain(x.data(), at, 1, scratch, taps * BAND, y.data(), at, channels);
        for (int j = 0; j < taps - 1; j++) {
          int from = at - (taps - 1 - j) * x.cols();
          kernels.scaleByGain(x.data(), from, 1, scratch, (j + 1) * BAND, scratch, 0, channels);
          kernels.add(scratch, 0, y.data(), at, channels);
        }
      }
    }

    /** The last K − 1 inputs, from the chunk where it is long enough, else from before. */
    private void remember(Batch.Chunk chunk, float[] inputs, int begin, int end) {
      int width = x.cols();
      for (int i = 0; i < taps - 1; i++) {
        int t = chunk.rows() - taps + 1 + i;
        float[] source = t >= 0 ? x.data() : inputs;
        int row = t >= 0 ? x.offset(chunk.firstRow() + t) : first + (i + chunk.rows()) * width;
        System.arraycopy(source, row + begin, inputs, first + i * width + begin, end - begin);
      }
    }
  }
}
