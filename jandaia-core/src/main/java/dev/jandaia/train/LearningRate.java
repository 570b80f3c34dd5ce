package dev.jandaia.train;

/** The learning rate of every step. */
@FunctionalInterface
public interface LearningRate {

  /** The rate of step {@code step}, counted from 0. */
  double at(int step);

  /** The same rate always. */
  static LearningRate constant(double rate) {
    return step -> rate;
  }

  /**
   * Up from 0 in a straight line over {@code warmup} steps, then down to {@code floor}·peak at step
   * {@code total} along half a cosine wave (1608.03983).
   */
  static LearningRate cosine(double peak, int warmup, int total, double floor) {
    return step -> {
      if (step < warmup) {
        return peak * step / warmup;
      }
      double progress = Math.min(1, (step - warmup) / (double) Math.max(1, total - warmup));
      double wave = 0.5 * (1 + Math.cos(Math.PI * progress));
      return peak * (floor + (1 - floor) * wave);
    };
  }
}
