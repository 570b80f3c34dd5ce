package dev.jandaia.kernel.emitted;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jandaia.machinecode.Processor;
import dev.jandaia.machinecode.VectorLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RowSelfTestTest {
  private static final float[] TABLE = {
    -2.7f, -2, -1.6f, -1.2f, -0.9f, -0.6f, -0.4f, -0.1f, 0.2f, 0.5f, 0.7f, 1, 1.3f, 1.7f, 2.1f, 2.8f
  };

  private static void needsTheProcessor(VectorLength length) {
    switch (length) {
      case BITS_256 -> assumeTrue(Processor.ask().avx2(), "NOT RUN: this processor has no AVX2");
      case BITS_512 ->
          assumeTrue(Processor.ask().vnni(), "NOT RUN: this processor has no AVX-512 VNNI");
    }
  }

  @ParameterizedTest
  @EnumSource
  void allKernelsAreTrustedHere(VectorLength length) {
    needsTheProcessor(length);
    for (RowEncoding encoding : RowEncoding.values()) {
      for (int dim : new int[] {16, 64, 80, 128, 576}) {
        RowKernels kernels = new RowKernels(length, encoding, dim, TABLE);
        assertTrue(kernels.areTrusted(), encoding + " of " + dim);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theWrongKernelsAreNot(VectorLength length) {
    needsTheProcessor(length);
    float[] other = TABLE.clone();
    other[3] = 0;
    RowKernels kernels = new RowKernels(length, RowEncoding.CODES_3, 64, other);
    assertFalse(RowSelfTest.passes(RowEncoding.CODES_3, 64, TABLE, kernels));
    RowKernels halves = new RowKernels(length, RowEncoding.F16, 64, TABLE);
    assertFalse(RowSelfTest.passes(RowEncoding.BF16, 64, TABLE, halves));
  }
}
