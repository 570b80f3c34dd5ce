package dev.jandaia.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.Goldens;
import dev.jandaia.checkpoint.SafetensorsFile;
import dev.jandaia.spec.ModelSpec;
import dev.jandaia.spec.count.ParameterSpec;
import dev.jandaia.spec.count.Parameters;
import dev.jandaia.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every reference model of a known family: its parameters tile its checkpoint exactly. */
class FamilyGoldenTest {
  @TestFactory
  Stream<DynamicTest> parametersTileTheCheckpoint() {
    return known().map(path -> DynamicTest.dynamicTest(path.toString(), () -> assertTiles(path)));
  }

  @TestFactory
  Stream<DynamicTest> olderSpellingMeansTheSame() {
    return known()
        .filter(path -> Files.exists(path.resolve("config_legacy.json")))
        .map(path ->
            DynamicTest.dynamicTest(
                path.toString(),
                () ->
                    assertEquals(
                        spec(path.resolve("config.json")),
                        spec(path.resolve("config_legacy.json")))));
  }

  private static Stream<Path> known() {
    return Goldens.cases().stream().filter(FamilyGoldenTest::isKnown);
  }

  private static boolean isKnown(Path golden) {
    Config config = Config.read(golden.resolve("config.json"));
    boolean known = Families.isKnown(config.modelType());
    if (!known) {
      System.out.println("families: skipped " + golden + " (no family " + config.modelType() + ")");
    }
    return known;
  }

  private static ModelSpec spec(Path config) {
    return Families.spec(Config.read(config));
  }

  private static void assertTiles(Path golden) {
    ModelSpec spec = spec(golden.resolve("config.json"));
    Family family = Families.of(spec.family());
    Map<String, BitSet> used = new HashMap<>();
    try (SafetensorsFile file = SafetensorsFile.open(golden.resolve("model.safetensors"))) {
      for (ParameterSpec parameter : Parameters.of(spec)) {
        TensorView view =
            family.candidates(spec, parameter).stream()
                .filter(candidate -> file.tensors().containsKey(candidate.tensor()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(parameter.path() + ": not in " + golden));
        assertEquals(view.tensor(), family.locate(spec, parameter).orElseThrow().tensor());
        Tensor stored = file.tensors().get(view.tensor());
        assertEquals(longs(stored), view.storedShape(), parameter.path());
        mark(used.computeIfAbsent(view.tensor(), name -> new BitSet()), view, parameter);
      }
      file.tensors()
          .forEach((name, tensor) -> {
            int marked = used.getOrDefault(name, new BitSet()).cardinality();
            assertTrue(
                marked == tensor.shape().elements() || family.isSurplus(spec, name),
                name + ": " + marked + " of its elements are used");
          });
    }
  }

  private static void mark(BitSet used, TensorView view, ParameterSpec parameter) {
    List<Integer> shape = parameter.shape();
    int columns = shape.size() == 1 ? 1 : shape.getLast();
    for (int r = 0; r < shape.getFirst(); r++) {
      for (int c = 0; c < columns; c++) {
        int element = (int) view.element(r, c);
        assertTrue(element < view.storedElements(), parameter.path());
        assertFalse(used.get(element), parameter.path() + " overlaps another parameter");
        used.set(element);
      }
    }
  }

  private static List<Long> longs(Tensor tensor) {
    return Arrays.stream(tensor.shape().toArray()).boxed().toList();
  }
}
