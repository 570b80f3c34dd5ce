package dev.jandaia.kernel;

/**
 * A fixed team of threads, the caller's among them, that runs one parallel loop at a time. Between
 * loops the workers spin for a short while and then park, so that the hundreds of loops of one
 * token cost little and an idle model costs nothing.
 */
public interface Workers extends AutoCloseable {

  /** A team of {@code count} threads, the caller included. A team of one runs loops inline. */
  static Workers of(int count) {
    return new SpinningWorkers(count);
  }

  /** A loop body over a range of indices; called once per thread with disjoint ranges. */
  interface Range {
    /**
     * @param from first index
     * @param to one past the last index
     * @param worker 0 … {@link Workers#count} − 1, for per-thread scratch memory
     */
    void run(int from, int to, int worker);
  }

  /** Threads that share a loop, the caller included. */
  int count();

  /**
   * Runs {@code body} over 0..{@code size}, split into contiguous ranges whose lengths are
   * multiples of {@code grain} (but the last), and returns when all are done. What a body throws is
   * thrown here. Allocates nothing. A loop inside a loop is refused.
   */
  void run(int size, int grain, Range body);

  @Override
  void close();
}
