package dev.jandaia.tensor.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jandaia.Goldens;
import dev.jandaia.checkpoint.SafetensorsFile;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlockCodecTest {
  @Test
  void decodesTheGoldenBlocksBitForBit() {
    for (Path path : Goldens.quants()) {
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        for (Tensor raw : file.tensors().values()) {
          if (raw.name().startsWith("raw")) {
            Tensor expected = file.tensor(raw.name().replaceFirst("^raw", "deq"));
            assertArrayEquals(bits(floats(expected)), bits(decoded(raw)), raw.name());
          }
        }
      }
    }
  }

  @Test
  void encodesTheGoldenSourcesByteForByte() {
    for (Path path : Goldens.quants()) {
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        for (Tensor source : file.tensors().values()) {
          if (source.name().startsWith("src.")) {
            String type = source.name().substring("src.".length());
            byte[] expected = file.tensor("raw." + type).data().toArray(ValueLayout.JAVA_BYTE);
            assertArrayEquals(
                expected, encoded(DType.valueOf(type), floats(source)), source.name());
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL"})
  void searchedScalesAreNoWorseThanMinMaxRounding(DType dtype) {
    for (int seed = 0; seed < 20; seed++) {
      float[] x = gaussians(seed, 2048);
      double error = rmse(x, decoded(dtype, encoded(dtype, x)));
      double simple = rmse(x, roundedByMinMax(dtype, x));
      assertTrue(error <= simple, dtype + " seed " + seed + ": " + error + " > " + simple);
    }
  }

  @ParameterizedTest
  @EnumSource
  void encodingWhatWasDecodedChangesNothing(DType dtype) {
    if (!hasEncoder(dtype)) {
      return;
    }
    float[] once = decoded(dtype, encoded(dtype, gaussians(7, 1024)));
    float[] twice = decoded(dtype, encoded(dtype, once));
    double tolerance = dtype.name().endsWith("_K") ? 0.05 * rmse(once, new float[once.length]) : 0;
    assertTrue(rmse(once, twice) <= tolerance, dtype + ": " + rmse(once, twice));
  }

  @ParameterizedTest
  @EnumSource
  void zerosStayZeros(DType dtype) {
    if (hasEncoder(dtype)) {
      float[] zeros = new float[dtype.blockSize() * 3];
      assertEquals(0, rmse(zeros, decoded(dtype, encoded(dtype, zeros))), dtype.name());
    }
  }

  @Test
  void constantBlocksSurvive() {
    for (DType dtype : DType.values()) {
      for (float value : new float[] {0.75f, -0.75f}) {
        if (hasEncoder(dtype)) {
          float[] x = new float[dtype.blockSize()];
          Arrays.fill(x, value);
          assertEquals(0, rmse(x, decoded(dtype, encoded(dtype, x))), 0.01, dtype + " " + value);
        }
      }
    }
  }

  @Test
  void float8FollowsItsTwoEncodings() {
    byte[] codes = {0x00, 0x01, 0x38, (byte) 0xB8, 0x7E, 0x7F};
    assertArrayEquals(
        new float[] {0, 0x1p-9f, 1, -1, 448, Float.NaN}, decoded(DType.F8_E4M3, codes));
    byte[] wide = {0x00, 0x01, 0x3C, (byte) 0xBC, 0x7B, 0x7C};
    assertArrayEquals(
        new float[] {0, 0x1p-16f, 1, -1, 57344, Float.POSITIVE_INFINITY},
        decoded(DType.F8_E5M2, wide));
  }

  @Test
  void bfloat16KeepsNaNs() {
    float signalling = Float.intBitsToFloat(0x7F80_0001);
    float[] x = {signalling, Float.NEGATIVE_INFINITY, Float.MAX_VALUE};
    assertArrayEquals(
        new float[] {Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY},
        decoded(DType.BF16, encoded(DType.BF16, x)));
  }

  @Test
  void offsetsAreRespected() {
    BlockCodec codec = BlockCodec.of(DType.Q8_0);
    float[] x = gaussians(3, 100);
    MemorySegment bytes = MemorySegment.ofArray(new byte[7 + 2 * 34 + 5]);
    codec.encode(x, 3, bytes, 7, 64);
    float[] y = new float[90];
    codec.decode(bytes, 7 + 34, y, 11, 32);
    for (int i = 0; i < y.length; i++) {
      double expected = i >= 11 && i < 43 ? x[3 + 32 + i - 11] : 0;
      assertEquals(expected, y[i], 0.03, "element " + i);
    }
    assertEquals(0, bytes.get(ValueLayout.JAVA_BYTE, 6));
    assertEquals(0, bytes.get(ValueLayout.JAVA_BYTE, 7 + 68));
  }

  @Test
  void refusesWhatCannotBeDone() {
    float[] x = new float[32];
    MemorySegment bytes = MemorySegment.ofArray(new byte[34]);
    BlockCodec codec = BlockCodec.of(DType.Q8_0);
    assertThrows(JandaiaException.class, () -> BlockCodec.of(DType.I64));
    assertThrows(JandaiaException.class, () -> codec.decode(bytes, 0, x, 0, 31));
    assertThrows(IndexOutOfBoundsException.class, () -> codec.decode(bytes, 1, x, 0, 32));
    x[5] = Float.NaN;
    assertThrows(JandaiaException.class, () -> codec.encode(x, 0, bytes, 0, 32));
    x[5] = 1e30f;
    assertThrows(JandaiaException.class, () -> codec.encode(x, 0, bytes, 0, 32));
  }

  private static boolean hasEncoder(DType dtype) {
    boolean known = dtype.isQuantised() || dtype.name().matches("B?F\\d.*");
    return known && BlockCodec.of(dtype).canEncode();
  }

  private static float[] roundedByMinMax(DType dtype, float[] x) {
    boolean symmetric = dtype == DType.Q3_K || dtype == DType.Q6_K || dtype == DType.IQ4_NL;
    int bits = dtype == DType.IQ4_NL ? 4 : dtype.name().charAt(1) - '0';
    int group = dtype.blockBytes() % 16 == 0 || dtype == DType.IQ4_NL ? 32 : 16;
    float[] y = new float[x.length];
    for (int from = 0; from < x.length; from += group) {
      float[] part = Arrays.copyOfRange(x, from, from + group);
      double least = Math.min(0, Range.least(part, 0, group));
      double scale = (Range.greatest(part, 0, group) - least) / ((1 << bits) - 1);
      if (symmetric) {
        least = 0;
        scale = Math.abs(Range.peak(part, 0, group)) / ((1 << bits - 1) - 1);
      }
      for (int i = from; i < from + group; i++) {
        y[i] = (float) (Math.round((x[i] - least) / scale) * scale + least);
      }
    }
    return y;
  }

  private static float[] gaussians(int seed, int n) {
    Random random = new Random(seed);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  private static double rmse(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.pow(a[i] - (double) b[i], 2);
    }
    return Math.sqrt(sum / a.length);
  }

  private static float[] decoded(Tensor raw) {
    DType dtype = DType.valueOf(raw.name().substring(raw.name().indexOf('.') + 1));
    return decoded(dtype, raw.data().toArray(ValueLayout.JAVA_BYTE));
  }

  private static float[] decoded(DType dtype, byte[] bytes) {
    float[] y = new float[bytes.length / dtype.blockBytes() * dtype.blockSize()];
    BlockCodec.of(dtype).decode(MemorySegment.ofArray(bytes), 0, y, 0, y.length);
    return y;
  }

  private static byte[] encoded(DType dtype, float[] x) {
    byte[] bytes = new byte[(int) dtype.bytesFor(x.length)];
    BlockCodec.of(dtype).encode(x, 0, MemorySegment.ofArray(bytes), 0, x.length);
    return bytes;
  }

  private static float[] floats(Tensor tensor) {
    return decoded(tensor.dtype(), tensor.data().toArray(ValueLayout.JAVA_BYTE));
  }

  private static int[] bits(float[] x) {
    return Stream.of(x)
        .flatMapToInt(v ->
            java.util.stream.IntStream.range(0, v.length).map(i -> Float.floatToRawIntBits(v[i])))
        .toArray();
  }
}
