package dev.jandaia.kernel;

import dev.jandaia.kernel.emitted.EmittedMatrix;
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
      Optional<EmittedMatrix> emitted(Tensor matrix, int rows, int cols) {
        return EmittedMatrix.exact(matrix.dtype(), matrix.data(), rows, cols);
      }
    },

    /** Large ones. Small ones stay in the cache and gain little: they keep exact activations. */
    LARGE {
      @Override
      Optional<EmittedMatrix> emitted(Tensor matrix, int rows, int cols) {
        return (long) rows * cols < FEWEST ? Optional.empty() : ALL.emitted(matrix, rows, cols);
      }
    },

    /** All, whatever the size. */
    ALL {
      @Override
      Optional<EmittedMatrix> emitted(Tensor matrix, int rows, int cols) {
        return EmittedMatrix.fastest(matrix.dtype(), matrix.data(), rows, cols);
      }
    };

    private static final long FEWEST = 1 << 18;

    abstract Optional<EmittedMatrix> emitted(Tensor matrix, int rows, int cols);
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
  public boolean roundsActivations() {
    return use != Use.EXACT;
  }

  @Override
  public WeightMatrix weight(Tensor matrix) {
    WeightMatrix stored = super.weight(matrix);
    return use.emitted(matrix, stored.rows(), stored.cols())
        .<WeightMatrix>map(emitted -> new PackedWeight(emitted, stored))
        .orElse(stored);
  }

  @Override
  public void dots(
      float[] q,
      int qOffset,
      int qStride,
      int rows,
      CachedRows k,
      CachedRows next,
      int row,
      int count,
      float[] out,
      int outOffset,
      int outStride) {
    if (EmittedRows.serves(k, rows, k.dim())) {
      EmittedRows.dots(q, qOffset, qStride, rows, k, next, row, count, out, outOffset, outStride);
    } else {
      super.dots(q, qOffset, qStride, rows, k, next, row, count, out, outOffset, outStride);
    }
  }

  @Override
  public void weightedSums(
      float[] p,
      int pOffset,
      int pStride,
      int rows,
      CachedRows v,
      CachedRows next,
      int row,
      int count,
      int columns,
      float[] out,
      int outOffset,
      int outStride) {
    if (EmittedRows.serves(v, rows, columns)) {
      EmittedRows.weightedSums(
          p, pOffset, pStride, rows, v, next, row, count, columns, out, outOffset, outStride);
    } else {
      super.weightedSums(
          p, pOffset, pStride, rows, v, next, row, count, columns, out, outOffset, outStride);
    }
  }
}
