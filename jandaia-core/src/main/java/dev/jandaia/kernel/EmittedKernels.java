package dev.jandaia.kernel;

import dev.jandaia.kernel.emitted.PackedMatrix;
import dev.jandaia.tensor.Tensor;

/**
 * The kernels of x86-64 processors with AVX-512 and its integer dot products: quantised weights go
 * through machine code written at run time, the rest through the Vector API.
 */
final class EmittedKernels extends VectorKernels {
  @Override
  public String name() {
    return "emitted-512";
  }

  @Override
  public WeightMatrix weight(Tensor matrix) {
    WeightMatrix stored = super.weight(matrix);
    return PackedMatrix.of(matrix.dtype(), matrix.data(), stored.rows(), stored.cols())
        .<WeightMatrix>map(packed -> new EmittedWeight(packed, stored))
        .orElse(stored);
  }
}
