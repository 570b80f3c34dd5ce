package dev.jandaia.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.Goldens;
import dev.jandaia.checkpoint.SafetensorsWriter;
import dev.jandaia.family.Config;
import dev.jandaia.family.Families;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.op.Compute;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The gradients of every golden case that records them, tensor by tensor. */
class GoldenGradientTest {
  /** ‖actual − expected‖ / ‖expected‖. */
  private static final double TOLERANCE = 1e-3;

  @TempDir Path temporary;

  @TestFactory
  Stream<DynamicTest> gradientsMatchTheReference() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path directory : Goldens.cases()) {
      Config config = Config.read(directory.resolve("config.json"));
      if (Families.isKnown(config.modelType()) && hasGradients(directory)) {
        String name = directory.getFileName().toString();
        tests.add(DynamicTest.dynamicTest(name, () -> check(directory, config)));
      }
    }
    if (tests.isEmpty()) {
      System.out.println("goldens: NO case with gradients under " + Goldens.root());
    }
    return tests.stream();
  }

  private static boolean hasGradients(Path directory) {
    try (GoldenCase golden = new GoldenCase(directory.resolve("golden.safetensors"))) {
      return golden.has("loss");
    }
  }

  private void check(Path directory, Config config) {
    Path file = temporary.resolve(directory.getFileName() + ".safetensors");
    try (LoadedModel loaded = LoadedModel.openDirectory(directory, config, Kernels.best());
        GoldenCase golden = new GoldenCase(directory.resolve("golden.safetensors"));
        Workers workers = Workers.of(2)) {
      Compute compute = new Compute(Kernels.best(), workers);
      SafetensorsWriter.write(
          file, Map.of(), Gradients.of(loaded, compute, golden.ids("input_ids")));
      try (GoldenCase actual = new GoldenCase(file)) {
        compare(golden, actual);
      }
    }
  }

  private static void compare(GoldenCase golden, GoldenCase actual) {
    assertEquals(golden.floats("loss")[0], actual.floats("loss")[0], 2e-4, "loss");
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    for (String name : golden.names()) {
      if (name.startsWith("grad.")) {
        double error = relativeError(golden.floats(name), actual.floats(name));
        compared++;
        if (!(error <= TOLERANCE)) {
          wrong.add("%s: %.3g".formatted(name, error));
        }
      }
    }
    assertTrue(compared > 0, "no gradient was compared");
    assertEquals(List.of(), wrong);
  }

  private static double relativeError(float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow(expected[i] - actual[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    return norm == 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
  }
}
