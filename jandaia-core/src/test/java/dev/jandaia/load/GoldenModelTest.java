package dev.jandaia.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.Goldens;
import dev.jandaia.family.Config;
import dev.jandaia.family.Families;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.op.Compute;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every golden model case of a known family against the recorded numbers of the reference
 * implementation.
 */
class GoldenModelTest {
  @TestFactory
  Stream<DynamicTest> casesMatchTheReference() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path directory : Goldens.cases()) {
      for (String name : List.of("config.json", "config_legacy.json")) {
        Path file = directory.resolve(name);
        if (Files.exists(file)) {
          add(tests, directory, Config.read(file));
        }
      }
    }
    return tests.stream();
  }

  private static void add(List<DynamicTest> tests, Path directory, Config config) {
    if (!Families.isKnown(config.modelType())) {
      System.out.printf(
          "goldens: %s: family %s is not built yet%n", directory.getFileName(), config.modelType());
      return;
    }
    String name = directory.getFileName() + "/" + Path.of(config.source()).getFileName();
    tests.add(DynamicTest.dynamicTest(name, () -> check(directory, config)));
  }

  private static void check(Path directory, Config config) {
    try (LoadedModel loaded = LoadedModel.openDirectory(directory, config, Kernels.best());
        GoldenCase golden = new GoldenCase(directory.resolve("golden.safetensors"));
        Workers workers = Workers.of(2)) {
      assertEquals(List.of(), loaded.unread(), "tensors nobody read");
      GoldenCheck check =
          new GoldenCheck(loaded.model(), new Compute(Kernels.best(), workers), golden);
      check.hiddenStates();
      check.prefillInOnePiece();
      check.prefillTokenByToken();
      check.prefillInTwoPieces();
      check.prefillBatched();
      check.greedyContinuation();
    }
  }
}
