package dev.jandaia.cli;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * One measurement, repeated.
 *
 * @param threads that computed
 * @param startedAt when, ISO 8601
 * @param nanos of each repetition
 * @param cacheBytes that the sequences held at the end
 */
record BenchResult(
    BenchTest test, int threads, String startedAt, List<Long> nanos, long cacheBytes) {

  /** Tokens per second of each repetition, all sequences together. */
  double[] rates() {
    return nanos.stream().mapToDouble(time -> test.tokens() * 1e9 / time).toArray();
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

  /** The middle value, or the mean of the two in the middle; NaN of nothing. */
  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
