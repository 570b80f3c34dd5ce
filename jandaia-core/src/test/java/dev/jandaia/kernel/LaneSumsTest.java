package dev.jandaia.kernel;

import static dev.jandaia.kernel.Lanes.COUNT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lanes are added in one order, whoever runs the kernel: the interpreter or a compiler. */
class LaneSumsTest {
  private static final int TIMES = 100;

  @Test
  void sumsAreThoseOfTheTree() {
    Samples samples = new Samples(1);
    for (int time = 0; time < TIMES; time++) {
      float[] lanes = samples.floats(3 + COUNT);
      assertEquals(tree(Arrays.copyOfRange(lanes, 3, 3 + COUNT)), LaneSums.of(lanes, 3));
    }
  }

  static List<Kernels> widths() {
    return VectorWidths.all();
  }

  @ParameterizedTest
  @MethodSource("widths")
  void kernelsOfEveryWidthAddByTheTree(Kernels kernels) {
    int count = Integer.parseInt(kernels.name().substring("vector-".length())) / Float.SIZE;
    float[] ones = new float[2 * count];
    Arrays.fill(ones, 1);
    Samples samples = new Samples(2);
    for (int time = 0; time < TIMES; time++) {
      float[] x = samples.floats(count);
      float sum = tree(x);
      assertEquals(sum, kernels.dot(x, 0, ones, 0, count), "dot");
      Tensor row = new Tensor("w", DType.F32, Shape.of(1, count), MemorySegment.ofArray(x));
      float[] y = new float[1];
      kernels.weight(row).multiply(ones, 0, count, 1, y, 0, 1, 0, 1);
      assertEquals(sum, y[0], "product with a row");
      for (int rows = 1; rows <= 2; rows++) {
        float[] dots = new float[rows * 5];
        kernels.dots(ones, 0, count, rows, x, 0, 0, 5, count, dots, 0, 5);
        float[] expected = new float[rows * 5];
        Arrays.fill(expected, sum);
        assertArrayEquals(expected, dots, "dots of " + rows);
      }
      float exponentials = kernels.expSum(x, 0, count, 0);
      assertEquals(tree(x), exponentials, "expSum");
    }
  }

  /** The second half is added to the first until one is left. */
  private static float tree(float[] lanes) {
    float[] sums = lanes.clone();
    for (int half = sums.length / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        sums[i] += sums[half + i];
      }
    }
    return sums[0];
  }

  @Test
  void noOrderIsLeftToTheCompiler() throws IOException {
    Pattern leaves = Pattern.compile("reduceLanes\\(\\s*(VectorOperators\\.)?(ADD|MUL)\\b");
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();
      assertFalse(sources.isEmpty());
      for (Path source : sources) {
        String code = Files.readString(source);
        assertFalse(leaves.matcher(code).find(), source + ": use LaneSums");
      }
    }
  }
}
