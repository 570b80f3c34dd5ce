package dev.jandaia.convert;

/**
 * What makes the norm of a latent harmless. Published latent attention normalises its latents,
 * which no linear map undoes. So a latent gets one element more, a constant (a bias) far above the
 * others: the root mean square is then that of the constant, whatever the token, and the norm's
 * weight takes it back. What is left of the norm is below {@link #ERROR}. The constant also carries
 * the biases of what is made of the latent.
 *
 * @param rank elements of the latent without the constant
 * @param bound no latent is longer than this, before it is divided by it
 * @param epsilon of the norm
 */
record ConstantElement(int rank, double bound, double epsilon) {
  /** The constant over the largest possible length of the other elements. */
  static final double CONSTANT = 1024;

  /** Largest relative error of the latent, ½/CONSTANT². */
  static final double ERROR = 0.5 / (CONSTANT * CONSTANT);

  /** Factor on the rows that lead to the latent. */
  double down() {
    return 1 / bound;
  }

  /** The norm's weight: gives the latent its size back, to the digits that BF16 has. */
  float normWeight() {
    return Storage.bfloat16((float) (bound * meanRoot()));
  }

  /** Factor on the columns that lead from the latent. */
  double up() {
    return bound * meanRoot() / normWeight();
  }

  /** Factor on a bias that the constant carries. */
  double bias() {
    return meanRoot() / (normWeight() * CONSTANT);
  }

  /** What the norm divides by. */
  private double meanRoot() {
    return Math.sqrt(CONSTANT * CONSTANT / (rank + 1) + epsilon);
  }
}
