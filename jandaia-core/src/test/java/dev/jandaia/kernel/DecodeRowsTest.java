package dev.jandaia.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DecodeRowsTest {
  private static final int ROWS = 83;
  private static final int COLS = 256;

  /** More than a matrix is multiplied as it is stored. */
  private static final int UNTIL_PACKED = 40;

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(names = {"Q8_0", "Q4_K", "BF16", "F32"})
  void rowsOfAMappedMatrixAreTheSameWhenItIsPacked(DType dtype) throws IOException {
    Tensor made = new Samples(1).matrix(dtype, ROWS, COLS);
    WeightMatrix weight = Kernels.fastest().weight(mapped(made));
    int[] rows = {82, 0, 17, 17, 5};
    float[] expected = new float[4 * COLS];
    Kernels.scalar().weight(made).decodeRows(rows, 4, expected, 0);

    float[] stored = new float[4 * COLS];
    weight.decodeRows(rows, 4, stored, 0);
    for (int i = 0; i < UNTIL_PACKED; i++) {
      weight.multiply(new float[COLS], 0, COLS, 1, new float[ROWS], 0, ROWS, 0, ROWS);
    }
    float[] packed = new float[4 * COLS];
    weight.decodeRows(rows, 4, packed, 0);

    assertArrayEquals(expected, stored);
    assertArrayEquals(expected, packed);
  }

  @Test
  void rowsBeginWhereTheyAreWanted() {
    Tensor made = new Samples(2).matrix(DType.F32, 3, 2);
    float[] values = made.data().toArray(ValueLayout.JAVA_FLOAT);
    float[] out = new float[5];

    Kernels.scalar().weight(made).decodeRows(new int[] {2, 0}, 2, out, 1);

    assertArrayEquals(new float[] {0, values[4], values[5], values[0], values[1]}, out);
  }

  private Tensor mapped(Tensor tensor) throws IOException {
    Path file = directory.resolve("weights");
    Files.write(file, tensor.data().toArray(ValueLayout.JAVA_BYTE));
    try (FileChannel channel = FileChannel.open(file)) {
      MemorySegment bytes =
          channel.map(MapMode.READ_ONLY, 0, tensor.data().byteSize(), Arena.ofAuto());
      return new Tensor(tensor.name(), tensor.dtype(), tensor.shape(), bytes);
    }
  }
}
