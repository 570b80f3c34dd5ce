package dev.jandaia.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.Goldens;
import dev.jandaia.convert.HubConversion;
import dev.jandaia.family.Config;
import dev.jandaia.family.Families;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.Workers;
import dev.jandaia.op.Compute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every reference model, written as a Hugging Face directory and loaded again, is the same model.
 * {@code -Djandaia.exports=DIR} keeps the directories, to be compared with other programs.
 */
class GoldenExportTest {
  @TempDir Path temporary;

  @TestFactory
  Stream<DynamicTest> directoriesAreTheSameModelWrittenAgain() {
    return Goldens.cases().stream()
        .filter(golden -> Families.isKnown(config(golden).modelType()))
        .map(golden ->
            DynamicTest.dynamicTest(golden.getFileName().toString(), () -> directory(golden)));
  }

  private void directory(Path golden) throws IOException {
    Path written = target(golden.getFileName().toString());
    List<String> notes = new ArrayList<>();
    new HubConversion(Optional.empty(), notes::add).convert(golden, written);
    assertEquals(List.of(), notes);
    assertEquals(Families.spec(config(golden)).withoutPrediction(), Families.spec(config(written)));
    check(written, golden.resolve("golden.safetensors"));
  }

  @TestFactory
  Stream<DynamicTest> ggufFilesBecomeDirectories() {
    return Goldens.ggufCases().stream()
        .map(file ->
            DynamicTest.dynamicTest(
                file.getFileName().toString(),
                () -> {
                  Path written = target(file.getFileName().toString().replace(".gguf", ""));
                  new HubConversion(Optional.empty(), note -> {}).convert(file, written);
                  check(written, Goldens.goldenOf(file));
                }));
  }

  private Path target(String name) throws IOException {
    String kept = System.getProperty("jandaia.exports", "").strip();
    Path parent = kept.isEmpty() ? temporary : Files.createDirectories(Path.of(kept));
    return parent.resolve(name);
  }

  private static Config config(Path directory) {
    return Config.read(directory.resolve("config.json"));
  }

  private static void check(Path written, Path recorded) {
    try (LoadedModel loaded = LoadedModel.open(written, Kernels.best());
        GoldenCase golden = new GoldenCase(recorded);
        Workers workers = Workers.of(2)) {
      assertEquals(List.of(), loaded.unread(), "tensors nobody read");
      Compute compute = new Compute(Kernels.best(), workers);
      new GoldenCheck(loaded.model(), compute, golden).all();
    }
  }
}
