package dev.jandaia.kernel.emitted;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jandaia.machinecode.Processor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RowSelfTestTest {
  private static final float[] TABLE = {
    -2.7f, -2, -1.6f, -1.2f, -0.9f, -0.6f, -0.4f, -0.1f, 0.2f, 0.5f, 0.7f, 1, 1.3f, 1.7f, 2.1f, 2.8f
  };

  @BeforeEach
  void needsTheProcessor() {
    assumeTrue(Processor.ask().vnni(), "NOT RUN: this processor has no AVX-512 VNNI");
  }

  @ParameterizedTest
  @EnumSource
  void allKernelsAreTrustedHere(RowEncoding encoding) {
    for (int dim : new int[] {16, 64, 80, 128, 576}) {
      assertTrue(new RowKernels(encoding, dim, TABLE).areTrusted(), "of " + dim);
    }
  }

  @Test
  void theWrongKernelsAreNot() {
    float[] other = TABLE.clone();
    other[3] = 0;
    RowKernels kernels = new RowKernels(RowEncoding.CODES_3, 64, other);
    assertFalse(RowSelfTest.passes(RowEncoding.CODES_3, 64, TABLE, kernels));
    RowKernels halves = new RowKernels(RowEncoding.F16, 64, TABLE);
    assertFalse(RowSelfTest.passes(RowEncoding.BF16, 64, TABLE, halves));
  }
}
