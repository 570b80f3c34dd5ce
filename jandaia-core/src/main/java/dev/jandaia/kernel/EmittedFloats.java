package dev.jandaia.kernel;

import dev.jandaia.kernel.emitted.ElementKernels;
import dev.jandaia.kernel.emitted.FloatProducts;
import dev.jandaia.machinecode.Processor;
import dev.jandaia.machinecode.VectorLength;
import java.util.Optional;

/**
 * Machine code for activations and caches, in registers of one length. Made once, when it is first
 * wanted.
 */
record EmittedFloats(
    VectorLength length, ElementKernels elements, FloatProducts products, EmittedRows rows) {
  private EmittedFloats(VectorLength length, ElementKernels elements, FloatProducts products) {
    this(length, elements, products, new EmittedRows(length, elements, products));
  }

  private static EmittedFloats make(VectorLength length) {
    return new EmittedFloats(length, new ElementKernels(length), new FloatProducts(length));
  }

  private static final class Wide {
    static final EmittedFloats MADE = make(VectorLength.BITS_512);
  }

  private static final class Narrow {
    static final EmittedFloats MADE = make(VectorLength.BITS_256);
  }

  /** In registers that this processor has. */
  static EmittedFloats of(VectorLength length) {
    return switch (length) {
      case BITS_512 -> Wide.MADE;
      case BITS_256 -> Narrow.MADE;
    };
  }

  /** In the longest registers of this processor, if the code passes its test there. */
  static Optional<EmittedFloats> ofThisProcessor() {
    Processor processor = Processor.ask();
    if (!processor.avx2()) {
      return Optional.empty();
    }
    EmittedFloats longest = of(processor.vnni() ? VectorLength.BITS_512 : VectorLength.BITS_256);
    return Optional.of(longest).filter(floats -> floats.elements.areTrusted());
  }
}
