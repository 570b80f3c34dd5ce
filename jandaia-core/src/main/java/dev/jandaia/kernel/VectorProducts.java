package dev.jandaia.kernel;

import dev.jandaia.kernel.packed.PackedProduct;
import dev.jandaia.tensor.Tensor;
import java.util.Optional;

/** How {@link VectorKernels} multiply weights that are quantised. */
interface VectorProducts {
  /** As they are stored, by activations as they are. */
  VectorProducts EXACT = new Exact();

  /** Few rows of activations are rounded, weights interleaved. */
  VectorProducts ROUNDED = new Rounded();

  /** The name of kernels that multiply so. */
  String name();

  boolean roundsActivations();

  /** A form of the matrix that is not exact but faster, if there is one. */
  Optional<PackedProduct> rounded(Tensor matrix, EncodedMatrix encoded);

  /** {@link #EXACT}. */
  record Exact() implements VectorProducts {
    @Override
    public String name() {
      return "vector-" + Lanes.F32.vectorBitSize();
    }

    @Override
    public boolean roundsActivations() {
      return false;
    }

    @Override
    public Optional<PackedProduct> rounded(Tensor matrix, EncodedMatrix encoded) {
      return Optional.empty();
    }
  }

  /** {@link #ROUNDED}. */
  record Rounded() implements VectorProducts {
    @Override
    public String name() {
      return EXACT.name();
    }

    @Override
    public boolean roundsActivations() {
      return true;
    }

    @Override
    public Optional<PackedProduct> rounded(Tensor matrix, EncodedMatrix encoded) {
      return InterleavedMatrix.of(encoded)
          .map(packed -> new TieredProduct(new VectorWeight(encoded), packed));
    }
  }
}
