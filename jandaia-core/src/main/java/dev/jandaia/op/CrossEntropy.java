package dev.jandaia.op;

import dev.jandaia.kernel.Kernels;
import java.util.Objects;

/**
 * Mean negative log-likelihood of target tokens, in nats per token: the root of a backward pass.
 */
public final class CrossEntropy {
  /** A target that does not count. */
  public static final int IGNORE = -100;

  private CrossEntropy() {}

  /**
   * Returns −mean log softmax(logits)[target]; while recording also sets the gradient of the
   * logits, (softmax − onehot)/counted.
   *
   * @param logits {@code [M, V]}
   * @param targets {@code [M]} token ids, or {@link #IGNORE}
   * @return 0 if no target counts
   */
  public static double apply(Compute compute, Matrix logits, int[] targets) {
    int counted = 0;
    for (int row = 0; row < logits.rows(); row++) {
      counted += targets[row] == IGNORE ? 0 : 1;
    }
    if (counted == 0) {
      return 0;
    }
    double[] losses = new double[logits.rows()];
    float weight = 1f / counted;
    compute.forEach(
        logits.rows(),
        logits.cols(),
        (from, to, worker) -> {
          for (int row = from; row < to; row++) {
            if (targets[row] != IGNORE) {
              losses[row] = row(compute, logits, row, targets[row], weight);
            }
          }
        });
    double sum = 0;
    for (double loss : losses) {
      sum += loss;
    }
    return sum / counted;
  }

  private static double row(Compute compute, Matrix logits, int row, int target, float weight) {
    Kernels kernels = compute.kernels();
    int offset = logits.offset(row);
    int vocab = logits.cols();
    float targetLogit = logits.data()[offset + Objects.checkIndex(target, vocab)];
    float max = kernels.max(logits.data(), offset, vocab);
    if (!compute.recording()) {
      double sum = 0;
      for (int i = 0; i < vocab; i++) {
        sum += Math.exp(logits.data()[offset + i] - max);
      }
      return max + Math.log(sum) - targetLogit;
    }
    float[] grad = logits.grad();
    System.arraycopy(logits.data(), offset, grad, offset, vocab);
    float sum = kernels.expSum(grad, offset, vocab, max);
    kernels.scale(weight / sum, grad, offset, vocab);
    grad[offset + target] -= weight;
    return max + Math.log(sum) - targetLogit;
  }
}
