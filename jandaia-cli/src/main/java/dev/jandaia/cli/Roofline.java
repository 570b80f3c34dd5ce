package dev.jandaia.cli;

import dev.jandaia.load.LoadedModel;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.DecodeTraffic;
import dev.jandaia.spec.count.FlopCount;

/**
 * What a test moves and computes, by the counting rules: each step of generation reads every active
 * weight once, whatever the number of sequences, and the caches.
 *
 * @param weightBytes of the weights that one step of generation reads
 * @param flops of the model
 */
record Roofline(double weightBytes, FlopCount flops) {

  /** Of an open model; weights count as many bytes as they take on average. */
  static Roofline of(LoadedModel loaded) {
    ModelSpec spec = loaded.spec();
    StoredModel stored = StoredModel.of(spec, loaded.source());
    double perWeight = (double) stored.bytes() / stored.parameters();
    return new Roofline(DecodeTraffic.of(spec).weights() * perWeight, FlopCount.of(spec));
  }

  /** Bytes of weights per second that a generation test reads at this many tokens per second. */
  double weightBytesPerSecond(BenchTest test, double rate) {
    return rate / test.sequences() * weightBytes;
  }

  /** Bytes per second, the caches with the weights. */
  double bytesPerSecond(BenchTest test, double rate, long cacheBytes) {
    return rate / test.sequences() * (weightBytes + cacheBytes);
  }

  /** Multiplications and additions per second at this many tokens per second. */
  double flopsPerSecond(BenchTest test, double rate) {
    double all = flops.prefill(test.depth() + test.prompt()) - flops.prefill(test.depth());
    if (test.generated() > 0) {
      long middle = (long) test.depth() + test.prompt() + test.generated() / 2;
      all += (double) flops.decode(middle) * test.generated();
    }
    return all * test.sequences() * rate / test.tokens();
  }
}
