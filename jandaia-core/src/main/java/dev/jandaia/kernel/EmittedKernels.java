package dev.jandaia.kernel;

import dev.jandaia.kernel.emitted.PackedMatrix;
import dev.jandaia.tensor.Tensor;
import java.util.Optional;

/**
 * The kernels of x86-64 processors with AVX-512 and its integer dot products: weights of sixteen
 * bits and less go through machine code written at run time, the rest through the Vector API.
 */
final class EmittedKernels extends VectorKernels {
  /** For which weights. */
  enum Use {
    /** Those whose products need no rounding of activations: sixteen bits. */
    EXACT {
      @Override
      Optional<PackedMatrix> packed(Tensor matrix, int rows, int cols) {
        return PackedMatrix.exact(matrix.dtype(), matrix.data(), rows, cols);
      }
    },

    /** Large ones. Small ones stay in the cache and gain little: they keep exact activations. */
    LARGE {
      @Override
      Optional<PackedMatrix> packed(Tensor matrix, int rows, int cols) {
        return (long) rows * cols < FEWEST ? Optional.empty() : ALL.packed(matrix, rows, cols);
      }
    },

    /** All, whatever the size. */
    ALL {
      @Override
      Optional<PackedMatrix> packed(Tensor matrix, int rows, int cols) {
        return PackedMatrix.fastest(matrix.dtype(), matrix.data(), rows, cols);
      }
    };

    private static final long FEWEST = 1 << 18;

    abstract Optional<PackedMatrix> packed(Tensor matrix, int rows, int cols);
  }

  private final Use use;

  EmittedKernels(Use use) {
    this.use = use;
  }

  @Override
  public String name() {
    return "emitted-512";
  }

  @Override
  public WeightMatrix weight(Tensor matrix) {
    WeightMatrix stored = super.weight(matrix);
    return use.packed(matrix, stored.rows(), stored.cols())
        .<WeightMatrix>map(packed -> new PackedWeight(packed, stored))
        .orElse(stored);
  }
}
