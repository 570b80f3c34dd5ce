package dev.jandaia.cli;

import dev.jandaia.cache.CacheType;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * One measurement, repeated.
 *
 * @param prompt tokens read; 0 in a generation test
 * @param generated tokens decoded; 0 in a prompt test
 * @param depth tokens in the cache before
 * @param cache how they are stored
 * @param threads that computed
 * @param startedAt when, ISO 8601
 * @param nanos of each repetition
 */
record BenchResult(
    int prompt,
    int generated,
    int depth,
    CacheType cache,
    int threads,
    String startedAt,
    List<Long> nanos) {

  /** {@code pp512}, {@code tg128} or {@code tg128 @ d4096}. */
  String test() {
    String name = prompt > 0 ? "pp" + prompt : "tg" + generated;
    return depth == 0 ? name : name + " @ d" + depth;
  }

  /** This test with what was measured. */
  BenchResult with(List<Long> measured) {
    return new BenchResult(
        prompt, generated, depth, cache, threads, startedAt, List.copyOf(measured));
  }

  /** Tokens per second of each repetition. */
  double[] rates() {
    return nanos.stream().mapToDouble(time -> (prompt + generated) * 1e9 / time).toArray();
  }

  static double mean(double... values) {
    return DoubleStream.of(values).average().orElse(0);
  }

  /** Of a sample: divided by n − 1. */
  static double standardDeviation(double... values) {
    if (values.length < 2) {
      return 0;
    }
    double mean = mean(values);
    double squares = DoubleStream.of(values).map(x -> (x - mean) * (x - mean)).sum();
    return Math.sqrt(squares / (values.length - 1));
  }
}
