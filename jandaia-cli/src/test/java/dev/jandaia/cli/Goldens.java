package dev.jandaia.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.checkpoint.SafetensorsFile;
import dev.jandaia.tensor.Tensor;
import dev.jandaia.tensor.block.BlockCodec;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The recorded models of the core's tests, and other people's files beside the repository. */
final class Goldens {
  private static final Path ROOT = Path.of("../jandaia-core/src/test/resources/golden");
  private static final Path SHARED = Path.of("../../shared");

  private Goldens() {}

  static Path model(String name) {
    return ROOT.resolve(name);
  }

  static SafetensorsFile numbers(String name) {
    return SafetensorsFile.open(model(name).resolve("golden.safetensors"));
  }

  /** Whether a shared file is there; if not, says so. */
  static boolean hasShared(String path) {
    boolean there = Files.exists(shared(path));
    if (!there) {
      System.out.println("SKIPPED: " + shared(path) + " is absent");
    }
    return there;
  }

  static Path shared(String path) {
    return SHARED.resolve(path);
  }

  /** One row of an integer tensor [B, T], as {@code --ids} takes it. */
  static String ids(Tensor tensor, int row) {
    int columns = (int) tensor.shape().dim(1);
    return IntStream.range(row * columns, (row + 1) * columns)
        .mapToLong(i -> tensor.data().getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i))
        .mapToObj(Long::toString)
        .collect(Collectors.joining(","));
  }

  static float[] floats(Tensor tensor) {
    float[] values = new float[(int) tensor.shape().elements()];
    BlockCodec.of(tensor.dtype()).decode(tensor.data(), 0, values, 0, values.length);
    return values;
  }

  /** Fails unless the first {@code actual.length} expected values agree to 2e-4 of the largest. */
  static void assertClose(String what, float[] expected, float[] actual) {
    assertTrue(actual.length > 0 && actual.length <= expected.length, what);
    double largest = 0;
    double worst = 0;
    for (int i = 0; i < actual.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      worst = Math.max(worst, Math.abs(expected[i] - actual[i]));
    }
    assertEquals(0, worst / largest, 2e-4, what);
  }
}
