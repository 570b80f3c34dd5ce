package dev.jandaia.atlas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.atlas.Measurement.Outcome;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubjectTest {
  private static final Path GOLDEN = Path.of("../jandaia-core/src/test/resources/golden/llama32");

  @TempDir Path scratch;

  @Test
  void directoryWithWeightsAndBareConfigAreTheSameArchitecture() throws IOException {
    Path bare = Files.createDirectory(scratch.resolve("my-model")).resolve("config.json");
    Files.copy(GOLDEN.resolve("config.json"), bare);

    Subject stored = Subject.at(GOLDEN);
    Subject config = Subject.at(bare);

    assertEquals("llama32", stored.name());
    assertEquals(Optional.of(GOLDEN), stored.weights());
    assertEquals("my-model", config.name());
    assertEquals(Optional.empty(), config.weights());
    assertEquals(stored.spec(), config.spec());
    assertEquals(Optional.empty(), Subject.at(bare.getParent()).weights());
  }

  @Test
  void checkpointsAndRandomWeightsRun() {
    Subject stored = Subject.at(GOLDEN);
    Subject random = Subject.of("shape", stored.spec());
    try (Workers workers = Workers.of(1)) {
      Measurement measurement = new Measurement(Kernels.best(), workers, () -> 1L << 30);

      Trial ran = assertInstanceOf(Outcome.Ran.class, measurement.measure(stored)).trial();
      assertEquals("F32 as stored", ran.weights());
      // 54,000 parameters
      assertEquals(4 * 54_000, ran.weightBytes());
      assertTrue(ran.prefillRate() > 0 && ran.decodeRate() > 0 && ran.cacheBytes() > 0);
      Trial shaped = assertInstanceOf(Outcome.Ran.class, measurement.measure(random)).trial();
      assertEquals("random BF16", shaped.weights());
      assertEquals(2 * 54_000, shaped.weightBytes());
    }
  }

  @Test
  void whatDoesNotFitIntoMemoryIsRefusedWithBothNumbers() {
    Subject large = Subject.published("deepseek-v3");
    try (Workers workers = Workers.of(1)) {
      Measurement measurement = new Measurement(Kernels.best(), workers, () -> 16L << 30);

      Outcome outcome = measurement.measure(large);

      String reason = assertInstanceOf(Outcome.Refused.class, outcome).reason();
      assertEquals("random bf16 weights need 1.22 TiB, free are 16.0 GiB", reason);
    }
  }

  @Test
  void machinesAreTypedAsTwoNumbers() {
    assertEquals(new Machine(40e9, 800e9, "as given"), Machine.parse("40,800"));
    for (String wrong : new String[] {"", "40", "40,x", "40,800,1", "-1,2", "NaN,1"}) {
      assertThrows(JandaiaException.class, () -> Machine.parse(wrong), wrong);
    }
  }

  @Test
  void probeFindsAMachine() {
    try (Workers workers = Workers.of(1)) {
      Machine machine = MachineProbe.measure(Kernels.best(), workers);

      // a machine from the last thirty years, and from the next
      assertTrue(machine.bytesPerSecond() > 1e7 && machine.bytesPerSecond() < 1e14);
      assertTrue(machine.flopsPerSecond() > 1e7 && machine.flopsPerSecond() < 1e16);
      assertTrue(machine.origin().endsWith("on one thread"), machine.origin());
    }
  }
}
