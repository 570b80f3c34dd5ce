package dev.jandaia.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.Goldens;
import dev.jandaia.checkpoint.GgufFile;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.spec.count.Parameters;
import dev.jandaia.spec.json.SpecDiff;
import dev.jandaia.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reference GGUF files: their headers mean the config they were made from, and back. */
class GgufGoldenTest {
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  @TestFactory
  Stream<DynamicTest> headersMeanTheirConfig() {
    return Goldens.ggufCases().stream()
        .map(path -> DynamicTest.dynamicTest(path.toString(), () -> assertMeansConfig(path)));
  }

  @TestFactory
  Stream<DynamicTest> parametersTileTheFile() {
    return Goldens.ggufCases().stream()
        .map(path -> DynamicTest.dynamicTest(path.toString(), () -> assertTiles(path)));
  }

  @TestFactory
  Stream<DynamicTest> exportsPlanTheSameFile() {
    return Goldens.ggufCases().stream()
        .map(path -> DynamicTest.dynamicTest(path.toString(), () -> assertExports(path)));
  }

  private static void assertMeansConfig(Path path) {
    try (GgufFile file = GgufFile.open(path)) {
      ModelSpec spec = GgufFamilies.spec(model(file));
      ModelSpec expected = Families.spec(config(path));
      assertEquals(expected.family(), spec.family());
      assertEquals(
          Optional.empty(),
          SpecDiff.firstBeyondSingle(CommonForm.of(expected), CommonForm.of(spec)));
    }
  }

  private static void assertTiles(Path path) {
    try (GgufFile file = GgufFile.open(path)) {
      ModelSpec spec = GgufFamilies.spec(model(file));
      Map<String, Long> used = new HashMap<>();
      for (ParameterSpec parameter : Parameters.of(spec)) {
        TensorView view =
            GgufNames.candidates(spec, parameter).stream()
                .filter(candidate -> file.tensors().containsKey(candidate.tensor()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(parameter.path() + ": not in " + path));
        assertEquals(shape(file.tensors().get(view.tensor())), view.storedShape());
        assertTrue(view.isContiguous(parameter.shape()));
        used.merge(view.tensor(), parameter.elements(), Long::sum);
      }
      file.tensors()
          .forEach((name, tensor) ->
              assertTrue(
                  name.equals("rope_freqs.weight") || used.get(name) == tensor.shape().elements(),
                  name));
    }
  }

  private static void assertExports(Path path) {
    try (GgufFile file = GgufFile.open(path)) {
      GgufExport export = GgufExport.of(Families.spec(config(path)));
      Map<String, List<Long>> shapes = new LinkedHashMap<>();
      export.tensors().forEach(tensor -> shapes.put(tensor.name(), tensor.shape()));
      assertEquals(shapes(file), shapes);
      Map<String, Object> metadata = GgufMetadata.rounded(export.metadata());
      file.metadata()
          .forEach((key, value) -> {
            // A dense width that no layer of the model has is not part of its spec.
            boolean unused = key.equals("qwen3moe.feed_forward_length");
            assertTrue(unused || value.equals(metadata.get(key)), key);
          });
      // Older writers leave out what is the head's own size.
      metadata
          .keySet()
          .forEach(key ->
              assertTrue(
                  file.metadata().containsKey(key) || key.endsWith(".rope.dimension_count"), key));
    }
  }

  static GgufModel model(GgufFile file) {
    return new GgufModel(
        file.origin(),
        file.metadata(),
        shapes(file),
        name -> Optional.ofNullable(file.tensors().get(name)).map(GgufGoldenTest::floats));
  }

  private static Map<String, List<Long>> shapes(GgufFile file) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    file.tensors().forEach((name, tensor) -> shapes.put(name, shape(tensor)));
    return shapes;
  }

  private static List<Long> shape(Tensor tensor) {
    return Arrays.stream(tensor.shape().toArray()).boxed().toList();
  }

  private static float[] floats(Tensor tensor) {
    return tensor.data().toArray(F32);
  }

  private static Config config(Path gguf) {
    String name = gguf.getFileName().toString();
    for (JsonNode entry : JsonMapper.shared().readTree(Goldens.file("gguf/index.json").toFile())) {
      if (entry.get("file").stringValue().equals(name)) {
        return Config.of(name, entry.get("config"));
      }
    }
    throw new AssertionError(name + ": not in index.json");
  }
}
