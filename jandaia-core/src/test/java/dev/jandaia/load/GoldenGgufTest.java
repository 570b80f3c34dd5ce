package dev.jandaia.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.Goldens;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.op.Compute;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Whole models in GGUF files, plain and quantised, against logits computed from exactly the stored
 * values.
 */
class GoldenGgufTest {

  @TestFactory
  Stream<DynamicTest> filesMatchTheReference() {
    return Goldens.ggufCases().stream()
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
  }

  private static void check(Path file) {
    try (LoadedModel loaded = LoadedModel.open(file, Kernels.best());
        GoldenCase golden = new GoldenCase(Goldens.goldenOf(file));
        Workers workers = Workers.of(2)) {
      assertEquals(List.of(), loaded.unread(), "tensors nobody read");
      Compute compute = new Compute(Kernels.best(), workers);
      new GoldenCheck(loaded.model(), compute, golden).all();
    }
  }
}
