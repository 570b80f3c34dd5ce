package dev.jandaia.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.machinecode.Processor;
import dev.jandaia.tensor.JandaiaException;
import org.junit.jupiter.api.Test;

class KernelSelectorTest {

  @Test
  void theChoiceIsMadeOnceAndExplained() {
    assertSame(Kernels.best(), Kernels.best());
    assertSame(Kernels.fastest(), Kernels.fastest());
    assertTrue(Kernels.describe().startsWith(Kernels.fastest().name()));
  }

  @Test
  void exactKernelsDoNotRoundActivations() {
    assertTrue(KernelSelector.exact("").kernels().name().startsWith("vector-"));
    assertEquals("scalar", KernelSelector.exact("scalar").kernels().name());
    Kernels vector = KernelSelector.exact("vector").kernels();
    assertTrue(vector.name().startsWith("vector-"));
    assertFalse(vector.roundsActivations());
  }

  @Test
  void machineCodeIsChosenWhereTheProcessorHasTheInstructions() {
    if (Processor.ask().vnni()) {
      assertEquals("emitted-512", KernelSelector.choose("").kernels().name());
      assertEquals("emitted-512", KernelSelector.choose("emitted").kernels().name());
      assertEquals("emitted-512", KernelSelector.exact("emitted").kernels().name());
    } else if (Processor.ask().avx2()) {
      assertEquals("emitted-256", KernelSelector.choose("").kernels().name());
      assertEquals("emitted-256", KernelSelector.choose("emitted").kernels().name());
      assertFalse(KernelSelector.exact("emitted").kernels().roundsActivations());
    } else {
      assertTrue(KernelSelector.choose("").kernels().name().startsWith("vector-"));
      assertThrows(JandaiaException.class, () -> KernelSelector.choose("emitted"));
    }
  }

  @Test
  void thePropertyOverrides() {
    assertEquals("scalar", Kernels.named("scalar").name());
    assertTrue(Kernels.named("vector").name().startsWith("vector-"));
    assertEquals("scalar", KernelSelector.choose("scalar").kernels().name());
    assertTrue(KernelSelector.choose("vector").kernels().name().startsWith("vector-"));
    assertTrue(KernelSelector.choose("vector").kernels().roundsActivations());
    assertThrows(JandaiaException.class, () -> KernelSelector.choose("fast"));
  }
}
