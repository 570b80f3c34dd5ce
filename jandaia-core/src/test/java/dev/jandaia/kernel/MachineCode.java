package dev.jandaia.kernel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jandaia.machinecode.Processor;
import dev.jandaia.machinecode.VectorLength;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Kernels of machine code for tests of other rooms. */
public final class MachineCode {
  private MachineCode() {}

  /** Machine code for all weights that have some; aborts the test where the processor has none. */
  public static Kernels forAllWeights() {
    assumeTrue(Processor.ask().avx2(), "NOT RUN: this processor has no AVX2");
    return KernelSelector.choose("emitted").kernels();
  }

  private static Kernels ofLength(VectorLength length, EmittedKernels.Use use) {
    return new EmittedKernels(use, EmittedFloats.of(length));
  }

  /** Machine code for all weights, of every length of registers that the processor has. */
  static Stream<Kernels> ofThisProcessor() {
    Processor processor = Processor.ask();
    List<Kernels> found = new ArrayList<>();
    if (processor.avx2()) {
      found.add(ofLength(VectorLength.BITS_256, EmittedKernels.Use.ALL));
    }
    if (processor.vnni()) {
      found.add(ofLength(VectorLength.BITS_512, EmittedKernels.Use.ALL));
    }
    return found.stream();
  }
}
