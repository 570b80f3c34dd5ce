package dev.jandaia.kernel.emitted;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jandaia.machinecode.Processor;
import dev.jandaia.tensor.DType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SelfTestTest {
  @BeforeEach
  void needsTheProcessor() {
    assumeTrue(Processor.ask().avx2(), "NOT RUN: this processor has no AVX2");
  }

  @ParameterizedTest
  @EnumSource(names = {"Q8_0", "Q4_0", "IQ4_NL", "MXFP4", "Q4_K", "Q5_K", "Q6_K", "BF16", "F16"})
  void allKernelsAreTrustedHere(DType dtype) {
    assertTrue(ProductKernels.of(dtype).isPresent());
  }

  @Test
  void theWrongKernelsAreNot() {
    assertFalse(
        SelfTest.passes(DType.Q4_0, new Avx2Kernels(Avx2Nibbles.ofType(DType.IQ4_NL)), 0.01));
    assertFalse(SelfTest.passes(DType.BF16, new Avx2HalfKernels(Avx2HalfFormat.F16), 0.01));
    assumeTrue(Processor.ask().vnni(), "NOT RUN: this processor has no AVX-512 VNNI");
    assertFalse(
        SelfTest.passes(DType.Q4_0, new ByteKernels(PackedNibbles.ofType(DType.IQ4_NL)), 0.01));
    assertFalse(SelfTest.passes(DType.BF16, new HalfKernels(HalfFormat.F16), 0.01));
  }
}
