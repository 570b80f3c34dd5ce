package dev.jandaia.kernel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jandaia.machinecode.Processor;

/** Kernels of machine code for tests of other rooms. */
public final class MachineCode {
  private MachineCode() {}

  /** Machine code for all weights that have some; aborts the test where the processor has none. */
  public static Kernels forAllWeights() {
    assumeTrue(Processor.ask().vnni(), "NOT RUN: this processor has no AVX-512 VNNI");
    return new EmittedKernels(EmittedKernels.Use.ALL);
  }
}
