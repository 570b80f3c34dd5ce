package dev.jandaia.op;

import dev.jandaia.kernel.Workers;
import dev.jandaia.kernel.packed.InputRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Several projections y = x·Wᵀ + b in one parallel loop: queries, keys and values, a gate and what
 * it gates, the experts of a token. Threads meet once for all of them, and rows that several
 * matrices read are rounded once.
 *
 * <pre>{@code
 * Projections projections = Projections.of(compute);
 * Matrix q = projections.add(x, query, Optional.empty());
 * Matrix k = projections.add(x, key, Optional.empty());
 * projections.run(); // now there are numbers in q and k
 * }</pre>
 */
public final class Projections {
  /**
   * Output features that one thread takes at least: the widest panel of any kernel, because results
   * may depend on the panel, and who takes which part is left to chance.
   */
  private static final int FEATURE_GRAIN = 64;

  /** From this many rows per thread on, threads share the rows instead of the features. */
  private static final int ROWS_PER_THREAD = 32;

  /** Below this many multiplications a loop is not worth a hand-over to other threads. */
  private static final int PARALLEL_PRODUCTS = 16 * 1024;

  private final Compute compute;
  private final InputRows[] inputs;
  private final List<Matrix> xs = new ArrayList<>();
  private final List<MatrixParameter> weights = new ArrayList<>();
  private final List<Optional<VectorParameter>> biases = new ArrayList<>();
  private final List<Matrix> ys = new ArrayList<>();
  private final AtomicInteger nextGrain = new AtomicInteger();
  private final Workers.Range shareRows = this::shareRows;
  private final Workers.Range shareFeatures = this::shareFeatures;
  private final Workers.Range prepare = this::prepare;
  private int grains;
  private int preparing;

  Projections(Compute compute) {
    this.compute = compute;
    inputs = new InputRows[compute.workers().count()];
    Arrays.setAll(inputs, worker -> new InputRows());
  }

  /** Begins a group of projections. They are run before the next group begins. */
  public static Projections of(Compute compute) {
    Projections projections = compute.projections;
    if (!projections.ys.isEmpty()) {
      projections.clear();
      throw new IllegalStateException("projections were begun, but not run");
    }
    return projections;
  }

  /**
   * Adds a projection; those of the same {@code x} should follow each other.
   *
   * @param x {@code [M, in]}
   * @param weight {@code [out, in]}
   * @param bias {@code [out]}
   * @return {@code [M, out]}, undefined until {@link #run}
   */
  public Matrix add(Matrix x, MatrixParameter weight, Optional<VectorParameter> bias) {
    if (x.cols() != weight.cols()) {
      clear();
      throw new IllegalArgumentException(
          "%s: expected input width %d, found %d"
              .formatted(weight.path(), weight.cols(), x.cols()));
    }
    Matrix y = compute.take(x.rows(), weight.rows());
    xs.add(x);
    weights.add(weight);
    biases.add(bias);
    ys.add(y);
    return y;
  }

  /** Computes what was added. */
  public void run() {
    try {
      if (manyRows()) {
        runByRows();
      } else {
        runByFeatures();
      }
      if (compute.recording()) {
        for (int i = 0; i < ys.size(); i++) {
          Linear.recordBackward(compute, xs.get(i), weights.get(i), biases.get(i), ys.get(i));
        }
      }
    } finally {
      clear();
    }
  }

  private void runByRows() {
    prepareAll();
    int rows = xs.getFirst().rows();
    compute.forEach(rows, products() / rows, shareRows);
  }

  private void runByFeatures() {
    grains = 0;
    for (int i = 0; i < weights.size(); i++) {
      grains += grains(i);
    }
    if (inputs.length == 1 || products() < PARALLEL_PRODUCTS) {
      multiplyGrains(0, grains, null, inputs[0]);
    } else {
      nextGrain.set(0);
      compute.workers().run(inputs.length, 1, shareFeatures);
    }
  }

  private void clear() {
    xs.clear();
    weights.clear();
    biases.clear();
    ys.clear();
  }

  /** Whether all read the same many rows. */
  private boolean manyRows() {
    Matrix x = xs.getFirst();
    for (int i = 1; i < xs.size(); i++) {
      if (xs.get(i) != x) {
        return false;
      }
    }
    return x.rows() >= ROWS_PER_THREAD * compute.workers().count();
  }

  /** Multiplications of all. */
  private long products() {
    long products = 0;
    for (int i = 0; i < weights.size(); i++) {
      products += (long) xs.get(i).rows() * weights.get(i).rows() * weights.get(i).cols();
    }
    return products;
  }

  private void prepareAll() {
    for (int i = 0; i < weights.size(); i++) {
      if (!weights.get(i).weight().isPrepared()) {
        preparing = i;
        compute.workers().run(weights.get(i).rows(), FEATURE_GRAIN, prepare);
      }
    }
  }

  private void prepare(int from, int to, int worker) {
    weights.get(preparing).weight().prepare(from, to);
  }

  /** Rows [from, to) of x with all weights. */
  private void shareRows(int from, int to, int worker) {
    Matrix x = xs.getFirst();
    InputRows rows = inputs[worker];
    rows.set(x.data(), x.offset(from), x.cols(), to - from);
    for (int i = 0; i < weights.size(); i++) {
      Matrix y = ys.get(i);
      weights.get(i).weight().multiply(rows, y.data(), y.offset(from), y.cols(), 0, y.cols());
      addBias(i, from, to, 0, y.cols());
    }
  }

  /**
   * All rows with some features, as long as there are features left. Grains are counted through all
   * weights. A thread takes a part of what is left, less and less, so that all end together however
   * fast each is: two may share a core, or another program may take one.
   */
  private void shareFeatures(int from, int to, int worker) {
    Matrix x = null;
    InputRows rows = inputs[worker];
    for (int first = nextGrain.get(); first < grains; first = nextGrain.get()) {
      int last = first + Math.max(1, (grains - first) / (2 * inputs.length));
      if (nextGrain.compareAndSet(first, last)) {
        x = multiplyGrains(first, last, x, rows);
      }
    }
  }

  /**
   * @param x what {@code rows} are
   * @return what they are afterwards
   */
  private Matrix multiplyGrains(int first, int last, Matrix x, InputRows rows) {
    int start = 0;
    for (int i = 0; start < last; i++) {
      int end = start + grains(i);
      if (first < end) {
        if (xs.get(i) != x) {
          x = xs.get(i);
          rows.set(x.data(), 0, x.cols(), x.rows());
        }
        Matrix y = ys.get(i);
        int from = (Math.max(first, start) - start) * FEATURE_GRAIN;
        int to = Math.min(y.cols(), (Math.min(last, end) - start) * FEATURE_GRAIN);
        weights.get(i).weight().multiply(rows, y.data(), 0, y.cols(), from, to);
        addBias(i, 0, y.rows(), from, to);
      }
      start = end;
    }
    return x;
  }

  private int grains(int i) {
    return (weights.get(i).rows() + FEATURE_GRAIN - 1) / FEATURE_GRAIN;
  }

  private void addBias(int i, int fromRow, int toRow, int from, int to) {
    if (biases.get(i).isPresent()) {
      float[] bias = biases.get(i).get().values();
      Matrix y = ys.get(i);
      for (int row = fromRow; row < toRow; row++) {
        compute.kernels().add(bias, from, y.data(), y.offset(row) + from, to - from);
      }
    }
  }
}
