package dev.jandaia.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.Goldens;
import dev.jandaia.checkpoint.GgufFile;
import dev.jandaia.spec.BlockSpec;
import dev.jandaia.spec.GroupedQueryAttention;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.Position;
import dev.jandaia.spec.RopeScaling;
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
      String architecture = (String) file.metadata().get("general.architecture");
      ModelSpec expected = GgufForm.of(Families.spec(config(path)), architecture);
      assertNear(divisors(expected), divisors(spec));
      assertEquals(Optional.empty(), SpecDiff.first(undivided(expected), undivided(spec)));
    }
  }

  /** The files' divisors were computed in f32, ours in f64. */
  private static void assertNear(List<Double> expected, List<Double> found) {
    assertEquals(expected.size(), found.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i), found.get(i), 1e-6 * expected.get(i));
    }
  }

  private static List<Double> divisors(ModelSpec spec) {
    return rotary(spec.blocks().getFirst()).scaling()
            instanceof RopeScaling.Divisors(List<Double> divisors)
        ? divisors
        : List.of();
  }

  private static ModelSpec undivided(ModelSpec spec) {
    return new ModelSpec(
        spec.family(),
        spec.vocabSize(),
        spec.hiddenSize(),
        spec.contextLength(),
        spec.embedding(),
        spec.blocks().stream().map(GgufGoldenTest::undivided).toList(),
        spec.finalNorm(),
        spec.head());
  }

  private static BlockSpec undivided(BlockSpec block) {
    Position.Rotary rotary = rotary(block);
    if (!(rotary.scaling() instanceof RopeScaling.Divisors)) {
      return block;
    }
    Position plain =
        new Position.Rotary(rotary.theta(), rotary.rotaryDim(), rotary.pairing(), RopeScaling.NONE);
    return new BlockSpec(
        ((GroupedQueryAttention) block.mixer()).withPosition(plain),
        block.feedForward(),
        block.residual());
  }

  private static Position.Rotary rotary(BlockSpec block) {
    return (Position.Rotary) ((GroupedQueryAttention) block.mixer()).position();
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
      GgufModel written = export.asModel();
      assertEquals(shapes(file), new LinkedHashMap<>(written.shapes()));
      Map<String, Object> metadata = written.metadata();
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
