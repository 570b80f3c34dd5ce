package dev.jandaia.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RandomStartTest {
  private static final int SIZE = 100;

  @Test
  void matricesHaveTheirDeviation() {
    assertEquals(0.02, deviation("blocks.0.mixer.query.weight"), 4e-4);
    // Two layers: 0.02 / √4.
    assertEquals(0.01, deviation("blocks.0.mixer.output.weight"), 2e-4);
    assertEquals(0.01, deviation("blocks.1.feedForward.down.weight"), 2e-4);
  }

  @Test
  void normsBeginAtTheIdentityAndBiasesAtZero() {
    float[] values = new float[3];
    start(1).vector("blocks.0.mixer.queryNorm.weight", values);
    assertArrayEquals(new float[] {1, 1, 1}, values);
    start(1).vector("blocks.0.mixer.query.bias", values);
    assertArrayEquals(new float[] {0, 0, 0}, values);
  }

  @Test
  void seedAndPathDecide() {
    assertArrayEquals(matrix(1, "a"), matrix(1, "a"));
    assertFalse(Arrays.equals(matrix(1, "a"), matrix(2, "a")));
    assertFalse(Arrays.equals(matrix(1, "a"), matrix(1, "b")));
  }

  private static double deviation(String path) {
    double sum = 0;
    for (float value : matrix(3, path)) {
      sum += value * value;
    }
    return Math.sqrt(sum / (SIZE * SIZE));
  }

  private static float[] matrix(long seed, String path) {
    float[] values = new float[SIZE * SIZE];
    start(seed).matrix(path, SIZE, SIZE, values);
    return values;
  }

  private static RandomStart start(long seed) {
    return new RandomStart(TinyTask.spec(), seed);
  }
}
