package dev.jandaia.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class KernelSelectorTest {

  @Test
  void theChoiceIsMadeOnceAndExplained() {
    assertSame(Kernels.best(), Kernels.best());
    assertTrue(Kernels.describe().startsWith(Kernels.best().name()));
  }

  @Test
  void thePropertyOverrides() {
    assertEquals("scalar", KernelSelector.choose("scalar").kernels().name());
    assertTrue(KernelSelector.choose("vector").kernels().name().startsWith("vector-"));
    assertThrows(IllegalArgumentException.class, () -> KernelSelector.choose("fast"));
  }
}
