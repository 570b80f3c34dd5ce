package dev.jandaia.op;

import dev.jandaia.cache.CacheReader;
import dev.jandaia.kernel.Workers;
import java.util.Arrays;

/**
 * One entry for every window of {@code rate} tokens (DeepSeek-V4): entry_d = Σ_j
 * softmax_j(gate_{j,d} + bias_{j,d})·value_{j,d}, for each element d alone, j over the tokens of
 * the window. With overlap rows hold two such series: the first half of the previous window's and
 * the second half of the window's own share one softmax. Tokens of a window that is not full yet
 * make no entry.
 */
public final class CompressWindows {
  private static final float[] ONE = {1};
  private static final float[] NOT_KEPT = {};

  private CompressWindows() {}

  /**
   * @param rate tokens per entry
   * @param dim elements of an entry, D
   * @param overlap whether rows are {@code 2·D} wide and windows overlap
   */
  public record Shape(int rate, int dim, boolean overlap) {
    /** Values of a row, and gates. */
    public int width() {
      return overlap ? 2 * dim : dim;
    }

    /** Tokens that an entry is made of at most. */
    int slots() {
      return overlap ? 2 * rate : rate;
    }

    /** Column of a slot's series: with overlap the first half of rows serves the next window. */
    int column(int slot, int d) {
      return overlap && slot >= rate ? dim + d : d;
    }

    /** Position of the first slot of an entry; negative where the sequence has not begun. */
    int start(int entry) {
      return (entry + 1) * rate - slots();
    }
  }

  /**
   * The entries that the rows of {@code batch} complete, chunk by chunk, as {@link Batch#entries}
   * counts them.
   *
   * @param past where rows of earlier tokens are kept, as one head
   * @param rows {@code [M, 2·width]}: value, then gate
   * @param bias {@code [rate·width]}, token by token of a window
   * @return {@code [E, D]}
   */
  public static Matrix apply(
      Compute compute, Shape shape, Batch batch, Past past, Matrix rows, VectorParameter bias) {
    batch.compress(shape.rate());
    Matrix out = compute.take(batch.entries().count(), shape.dim());
    float[] kept =
        compute.recording() ? new float[out.rows() * shape.slots() * shape.dim()] : NOT_KEPT;
    compute.compressWindowsForward.run(shape, batch, past, rows, bias, out, kept);
    if (compute.recording()) {
      WholeSequences sequences = WholeSequences.of(batch);
      compute.record(() -> backward(shape, sequences, rows, bias, kept, out));
    }
    return out;
  }

  /** The parallel loop: one item is one entry. */
  static final class Forward implements Workers.Range {
    private final Compute compute;
    private float[][] windows = {};
    private float[][] weights = {};
    private CacheReader[] readers = {};
    private Shape shape;
    private Batch batch;
    private Past past;
    private Matrix rows;
    private float[] bias;
    private Matrix out;
    private float[] kept;

    Forward(Compute compute) {
      this.compute = compute;
    }

    void run(Shape s, Batch b, Past p, Matrix r, VectorParameter places, Matrix o, float[] keep) {
      shape = s;
      batch = b;
      past = p;
      rows = r;
      bias = places.values();
      out = o;
      kept = keep;
      windows = grown(windows, s.slots() * r.cols());
      weights = grown(weights, s.slots());
      if (readers.length == 0) {
        readers = new CacheReader[compute.workers().count()];
        Arrays.setAll(readers, i -> new CacheReader(compute.kernels()));
      }
      compute.forEach(o.rows(), 8L * s.slots() * s.dim(), this);
    }

    /** Scratch of at least {@code size} elements for each thread. */
    private float[][] grown(float[][] scratch, int size) {
      return scratch.length > 0 && scratch[0].length >= size
          ? scratch
          : new float[compute.workers().count()][size];
    }

    @Override
    public void run(int from, int to, int worker) {
      int chunk = 0;
      for (int row = from; row < to; row++) {
        while (row >= batch.entries().firstRow(chunk + 1)) {
          chunk++;
        }
        compress(chunk, row, worker);
      }
    }

    private void compress(int chunk, int row, int worker) {
      float[] window = windows[worker];
      float[] p = weights[worker];
      int entry = batch.entries().positions()[row] / shape.rate();
      gather(batch.chunk(chunk), shape.start(entry), window, readers[worker]);
      int first = Math.max(0, -shape.start(entry));
      int slots = shape.slots();
      for (int d = 0; d < shape.dim(); d++) {
        weigh(window, d, first, p);
        float sum = 0;
        for (int j = first; j < slots; j++) {
          sum += p[j] * window[j * rows.cols() + shape.column(j, d)];
        }
        out.data()[out.offset(row) + d] = sum;
        if (kept.length > 0) {
          System.arraycopy(p, 0, kept, (row * shape.dim() + d) * slots, slots);
        }
      }
    }

    /** Copies the rows of the slots, which begin at position {@code start}. */
    private void gather(Batch.Chunk chunk, int start, float[] window, CacheReader reader) {
      int width = rows.cols();
      for (int j = Math.max(0, -start); j < shape.slots(); j++) {
        int position = start + j;
        if (position >= chunk.start()) {
          int row = chunk.firstRow() + position - chunk.start();
          System.arraycopy(rows.data(), rows.offset(row), window, j * width, width);
        } else {
          Arrays.fill(window, j * width, (j + 1) * width, 0);
          past.of(chunk).addValues(reader, 0, ONE, 0, 0, 1, position, 1, window, j * width);
        }
      }
    }

    /** p = softmax over the slots from {@code first} on, zero before. */
    private void weigh(float[] window, int d, int first, float[] p) {
      int slots = shape.slots();
      int width = shape.width();
      float maximum = Float.NEGATIVE_INFINITY;
      for (int j = first; j < slots; j++) {
        int column = shape.column(j, d);
        p[j] = window[j * rows.cols() + width + column] + bias[j % shape.rate() * width + column];
        maximum = Math.max(maximum, p[j]);
      }
      double sum = 0;
      for (int j = first; j < slots; j++) {
        p[j] = (float) Math.exp(p[j] - maximum);
        sum += p[j];
      }
      for (int j = 0; j < slots; j++) {
        p[j] = j < first ? 0 : (float) (p[j] / sum);
      }
    }
  }

  /** Element d of an entry, made again: the one that was handed out may have been changed. */
  private static float entry(
      Shape shape, Matrix rows, float[] kept, int row, int d, int firstRow, int entry) {
    float sum = 0;
    for (int j = Math.max(0, -shape.start(entry)); j < shape.slots(); j++) {
      float p = kept[(row * shape.dim() + d) * shape.slots() + j];
      sum += p * rows.data()[rows.offset(firstRow + j) + shape.column(j, d)];
    }
    return sum;
  }

  /** dValue_j += p_j·dy, dLogit_j = p_j·dy·(value_j − y), for gate and bias alike. */
  private static void backward(
      Shape shape,
      WholeSequences sequences,
      Matrix rows,
      VectorParameter bias,
      float[] kept,
      Matrix out) {
    int row = 0;
    for (int s = 0; s < sequences.count(); s++) {
      for (int e = 0; e < sequences.rowCount(s) / shape.rate(); e++, row++) {
        int firstRow = sequences.firstRow(s) + shape.start(e);
        for (int d = 0; d < shape.dim(); d++) {
          float dy = out.grad()[out.offset(row) + d];
          float y = entry(shape, rows, kept, row, d, firstRow, e);
          for (int j = Math.max(0, -shape.start(e)); j < shape.slots(); j++) {
            float p = kept[(row * shape.dim() + d) * shape.slots() + j];
            int column = shape.column(j, d);
            int value = rows.offset(firstRow + j) + column;
            float dLogit = p * dy * (rows.data()[value] - y);
            rows.grad()[value] += p * dy;
            rows.grad()[value + shape.width()] += dLogit;
            if (bias.trainable()) {
              bias.grad()[j % shape.rate() * shape.width() + column] += dLogit;
            }
          }
        }
      }
    }
  }
}
