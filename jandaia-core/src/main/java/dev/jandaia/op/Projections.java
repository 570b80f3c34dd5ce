package dev.jandaia.op;

import static dev.jandaia.op.ProjectionTask.FEATURE_GRAIN;

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
 * matrices read are made and rounded once.
 *
 * <pre>{@code
 * Projections projections = Projections.of(compute);
 * Matrix q = projections.add(x, query, Optional.empty());
 * Matrix k = projections.add(x, key, Optional.empty());
 * projections.run(); // now there are numbers in q and k
 * }</pre>
 */
public final class Projections {
  /** From this many rows per thread on, threads share the rows instead of the features. */
  private static final int ROWS_PER_THREAD = 32;

  /** Below this many multiplications a loop is not worth a hand-over to other threads. */
  private static final int PARALLEL_PRODUCTS = 16 * 1024;

  private static final int NONE = -1;

  private final Compute compute;
  private final InputRows[] inputs;
  private final List<ProjectionTask> tasks = new ArrayList<>();
  private final AtomicInteger nextGrain = new AtomicInteger();
  private final Workers.Range shareRows = this::shareRows;
  private final Workers.Range shareFeatures = this::shareFeatures;
  private final Workers.Range prepare = this::prepare;
  private int count;
  private int grains;
  private ProjectionTask preparing;

  Projections(Compute compute) {
    this.compute = compute;
    inputs = new InputRows[compute.workers().count()];
    Arrays.setAll(inputs, worker -> new InputRows());
  }

  /** Begins a group of projections. They are run before the next group begins. */
  public static Projections of(Compute compute) {
    Projections projections = compute.projections;
    if (projections.count > 0) {
      projections.count = 0;
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
  public Matrix add(RowSource x, MatrixParameter weight, Optional<VectorParameter> bias) {
    Matrix y = compute.take(x.rows(), weight.rows());
    addRows(x, 0, x.rows(), weight, bias, y);
    return y;
  }

  /**
   * Adds a projection of the {@code rows} rows of {@code x} from {@code first} on, to the same rows
   * of {@code y}: an expert sees its own tokens.
   *
   * @param x {@code [M, in]}
   * @param weight {@code [out, in]}
   * @param bias {@code [out]}
   * @param y {@code [M, out]}
   */
  public void addRows(
      RowSource x,
      int first,
      int rows,
      MatrixParameter weight,
      Optional<VectorParameter> bias,
      Matrix y) {
    if (x.cols() != weight.cols()) {
      count = 0;
      throw new IllegalArgumentException(
          "%s: expected input width %d, found %d"
              .formatted(weight.path(), weight.cols(), x.cols()));
    }
    if (count == tasks.size()) {
      tasks.add(new ProjectionTask());
    }
    tasks.get(count++).set(x, first, rows, weight, bias, y);
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
        for (int i = 0; i < count; i++) {
          tasks.get(i).recordBackward(compute);
        }
      }
    } finally {
      count = 0;
    }
  }

  private void runByRows() {
    prepareAll();
    int rows = tasks.getFirst().rows();
    compute.forEach(rows, products() / rows, shareRows);
  }

  private void runByFeatures() {
    grains = 0;
    for (int i = 0; i < count; i++) {
      grains += tasks.get(i).grains();
    }
    if (inputs.length == 1 || products() < PARALLEL_PRODUCTS) {
      multiplyGrains(0, grains, NONE, inputs[0]);
    } else {
      makeLargeInputs();
      nextGrain.set(0);
      compute.workers().run(inputs.length, 1, shareFeatures);
    }
  }

  /**
   * Where threads share features, each makes all rows for itself. That is no loss as long as a loop
   * that shares the making would not be worth a hand-over.
   */
  private void makeLargeInputs() {
    for (int i = 0; i < count; i++) {
      if (compute.isWorthSharing(tasks.get(i).inputSize())) {
        tasks.get(i).readMatrix();
      }
    }
  }

  /** Whether all read the same many rows. */
  private boolean manyRows() {
    ProjectionTask first = tasks.getFirst();
    for (int i = 1; i < count; i++) {
      if (!tasks.get(i).readsTheSameAs(first)) {
        return false;
      }
    }
    return first.rows() >= ROWS_PER_THREAD * compute.workers().count();
  }

  /** Multiplications of all. */
  private long products() {
    long products = 0;
    for (int i = 0; i < count; i++) {
      products += tasks.get(i).products();
    }
    return products;
  }

  private void prepareAll() {
    for (int i = 0; i < count; i++) {
      if (!tasks.get(i).weight().weight().isPrepared()) {
        preparing = tasks.get(i);
        compute.workers().run(preparing.weight().rows(), FEATURE_GRAIN, prepare);
      }
    }
  }

  private void prepare(int from, int to, int worker) {
    preparing.weight().weight().prepare(from, to);
  }

  /** Rows [from, to) of x with all weights. */
  private void shareRows(int from, int to, int worker) {
    InputRows rows = inputs[worker];
    tasks.getFirst().read(rows, from, to);
    for (int i = 0; i < count; i++) {
      ProjectionTask task = tasks.get(i);
      task.multiply(compute.kernels(), rows, from, 0, task.weight().rows());
    }
  }

  /**
   * All rows with some features, as long as there are features left. Grains are counted through all
   * weights. A thread takes a part of what is left, less and less, so that all end together however
   * fast each is: two may share a core, or another program may take one.
   */
  private void shareFeatures(int from, int to, int worker) {
    int read = NONE;
    InputRows rows = inputs[worker];
    for (int first = nextGrain.get(); first < grains; first = nextGrain.get()) {
      int end = first + Math.max(1, (grains - first) / (2 * inputs.length));
      if (nextGrain.compareAndSet(first, end)) {
        read = multiplyGrains(first, end, read, rows);
      }
    }
  }

  /**
   * @param read the task whose input {@code rows} are, or {@link #NONE}
   * @return the same afterwards
   */
  private int multiplyGrains(int first, int last, int read, InputRows rows) {
    int start = 0;
    for (int i = 0; start < last; i++) {
      ProjectionTask task = tasks.get(i);
      int end = start + task.grains();
      if (first < end) {
        if (read == NONE || !task.readsTheSameAs(tasks.get(read))) {
          task.read(rows, 0, task.rows());
        }
        read = i;
        int from = (Math.max(first, start) - start) * FEATURE_GRAIN;
        int to = Math.min(task.weight().rows(), (Math.min(last, end) - start) * FEATURE_GRAIN);
        task.multiply(compute.kernels(), rows, 0, from, to);
      }
      start = end;
    }
    return read;
  }
}
