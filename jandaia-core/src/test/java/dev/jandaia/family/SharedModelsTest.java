package dev.jandaia.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.checkpoint.GgufFile;
import dev.jandaia.checkpoint.SafetensorsFile;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.spec.count.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Published models beside the repository, where there are any, are understood as they are. */
class SharedModelsTest {
  private static final Path MODELS = Path.of("../../shared/models");

  @TestFactory
  Stream<DynamicTest> hubDirectoriesHoldEveryParameter() throws IOException {
    return files("config.json")
        .map(config -> DynamicTest.dynamicTest(config.toString(), () -> assertHub(config)));
  }

  @TestFactory
  Stream<DynamicTest> ggufFilesHoldEveryParameter() throws IOException {
    return files(".gguf")
        .map(gguf -> DynamicTest.dynamicTest(gguf.toString(), () -> assertGguf(gguf)));
  }

  private static void assertHub(Path config) {
    ModelSpec spec = Families.spec(Config.read(config));
    Family family = Families.of(spec.family());
    Path weights = config.resolveSibling("model.safetensors");
    try (SafetensorsFile file = SafetensorsFile.open(weights)) {
      assertHolds(file.tensors().keySet(), spec, parameter -> family.candidates(spec, parameter));
    }
    assertEquals(spec, Families.spec(Config.of("written", HubConfig.of(spec))));
  }

  private static void assertGguf(Path gguf) {
    try (GgufFile file = GgufFile.open(gguf)) {
      ModelSpec spec = GgufFamilies.spec(GgufGoldenTest.model(file));
      assertHolds(
          file.tensors().keySet(), spec, parameter -> GgufNames.candidates(spec, parameter));
    }
  }

  private static void assertHolds(
      Set<String> tensors, ModelSpec spec, Function<ParameterSpec, List<TensorView>> candidates) {
    for (ParameterSpec parameter : Parameters.of(spec)) {
      Optional<TensorView> found =
          candidates.apply(parameter).stream()
              .filter(view -> tensors.contains(view.tensor()))
              .findFirst();
      assertTrue(found.isPresent(), parameter.path());
    }
  }

  private static Stream<Path> files(String end) throws IOException {
    if (!Files.isDirectory(MODELS)) {
      System.out.println("families: SKIPPED published models, there is no " + MODELS);
      return Stream.empty();
    }
    try (Stream<Path> files = Files.walk(MODELS)) {
      return files
          .filter(file -> file.toString().endsWith("/" + end) || isGguf(file, end))
          .sorted()
          .toList()
          .stream();
    }
  }

  private static boolean isGguf(Path file, String end) {
    return end.equals(".gguf") && file.toString().endsWith(end);
  }
}
