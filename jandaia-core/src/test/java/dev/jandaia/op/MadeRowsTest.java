package dev.jandaia.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.jandaia.kernel.Kernels;
import dev.jandaia.kernel.MachineCode;
import dev.jandaia.spec.Position.Pairing;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import dev.jandaia.tensor.block.BlockCodec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows that are made where they are read give what a matrix of them gives. */
class MadeRowsTest {
  private static final float EPSILON = 1e-6f;

  private static final PointFunction[] FUNCTIONS = {
    PointFunction.SILU, PointFunction.GELU_TANH, PointFunction.RELU_SQUARED
  };

  /**
   * M, in, out: one, odd, shared by features, so much that making is shared too, shared by rows.
   */
  private static final int[][] SIZES = {
    {1, 1, 1}, {1, 7, 5}, {3, 13, 70}, {1, 1030, 130}, {5, 4100, 70}, {63, 33, 31}, {70, 65, 96}
  };

  /** The same for whole blocks; some rows go past the weights, many meet unpacked panels. */
  private static final int[][] BLOCKS = {
    {1, 32, 16}, {1, 1024, 200}, {5, 4096, 64}, {25, 96, 40}, {70, 160, 130}, {600, 64, 48}
  };

  private final Random random = new Random(1);

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void projectionsReadGatedRows(Setup setup) {
    setup.run(compute -> {
      for (int[] size : SIZES) {
        Matrix gate = matrix(size[0], size[1]);
        Matrix up = matrix(size[0], size[1]);
        MatrixParameter weight = plain(compute, size[2], size[1]);
        for (PointFunction activation : FUNCTIONS) {
          GateFunction function = GateFunction.of(activation);
          assertSame(
              compute,
              () -> Linear.apply(compute, Gated.apply(compute, gate, up, function), weight),
              () -> Linear.apply(compute, Gated.rows(compute, gate, up, function), weight));
        }
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void projectionsReadNormalisedRows(Setup setup) {
    setup.run(compute -> {
      for (int[] size : SIZES) {
        Matrix x = matrix(size[0], size[1]);
        RmsGain gain = RmsGain.weight(new VectorParameter("gain", gaussians(size[1])));
        MatrixParameter weight = plain(compute, size[2], size[1]);
        assertSame(
            compute,
            () -> Linear.apply(compute, RmsNorm.apply(compute, x, gain, EPSILON), weight),
            () -> Linear.apply(compute, RmsNorm.rows(compute, x, gain, EPSILON), weight));
      }
    });
  }

  @Test
  void machineCodeRoundsThemAsTheyAreMade() {
    Kernels kernels = MachineCode.forAllWeights();
    for (int threads : new int[] {1, 2}) {
      new Setup("machine code", kernels, threads).run(this::checkMachineCode);
    }
  }

  private void checkMachineCode(Compute compute) {
    for (DType dtype : new DType[] {DType.Q8_0, DType.Q4_0, DType.F32}) {
      for (int[] size : BLOCKS) {
        Matrix gate = matrix(size[0], size[1]);
        Matrix up = matrix(size[0], size[1]);
        RmsGain gain = RmsGain.onePlus(new VectorParameter("gain", gaussians(size[1])));
        MatrixParameter weight = packed(compute, dtype, size[2], size[1]);
        GateFunction silu = GateFunction.of(PointFunction.SILU);
        assertSame(
            compute,
            () -> Linear.apply(compute, Gated.apply(compute, gate, up, silu), weight),
            () -> Linear.apply(compute, Gated.rows(compute, gate, up, silu), weight));
        assertSame(
            compute,
            () -> Linear.apply(compute, RmsNorm.apply(compute, up, gain, EPSILON), weight),
            () -> Linear.apply(compute, RmsNorm.rows(compute, up, gain, EPSILON), weight));
      }
    }
  }

  /**
   * As a block whose mixer and feed-forward part read the same norm, beside one who wants it all.
   */
  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void severalMayReadThem(Setup setup) {
    setup.run(compute -> {
      for (int rows : new int[] {1, 70}) {
        Matrix x = matrix(rows, 130);
        RmsGain gain = RmsGain.none(130);
        MatrixParameter weight = plain(compute, 100, 130);
        MatrixParameter other = plain(compute, 3, 130);
        RowSource made = RmsNorm.rows(compute, x, gain, EPSILON);
        for (int time = 0; time < 2; time++) {
          Projections projections = Projections.of(compute);
          Matrix first = projections.add(made, weight, Optional.empty());
          Matrix second = projections.add(made, other, Optional.empty());
          projections.run();
          Matrix whole = RmsNorm.apply(compute, x, gain, EPSILON);
          assertClose(compute, Linear.apply(compute, whole, weight), first);
          assertClose(compute, Linear.apply(compute, whole, other), second);
          assertClose(compute, whole, made.matrix());
        }
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.jandaia.op.Setup#all")
  void rotationMakesThemAsItGoes(Setup setup) {
    setup.run(compute -> {
      for (int[] lengths : new int[][] {{1}, {3, 1, 6}, {70, 10}}) {
        Batch batch = Sequences.whole(lengths);
        RotaryTable table = new RotaryTable(new float[] {1, 0.3f, 0.01f}, 1, Pairing.HALVES);
        Matrix x = matrix(batch.size(), 40 * 7);
        RmsGain perHead = RmsGain.weight(new VectorParameter("gain", gaussians(7)));
        assertSame(
            compute,
            () -> {
              Matrix normalised = RmsNorm.apply(compute, x, perHead, EPSILON);
              return Rope.apply(compute, normalised, batch, table, 40, 7, 1);
            },
            () -> {
              RowSource normalised = RmsNorm.rows(compute, x, perHead, EPSILON);
              return Rope.apply(compute, normalised, batch, table, 40, 7, 1);
            });
      }
    });
  }

  /** Gradients go back through all of them, so all of them are kept. */
  @Test
  void whileATapeRecordsTheyAreAMatrix() {
    new Setup("scalar", Kernels.scalar(), 1)
        .run(compute -> {
          GradientCheck check = new GradientCheck(compute, 4);
          Matrix x = check.matrix(3, 5);
          int mark = compute.mark();
          compute.startRecording();
          RmsGain gain = RmsGain.none(5);
          assertInstanceOf(Matrix.class, RmsNorm.rows(compute, x, gain, EPSILON));
          GateFunction silu = GateFunction.of(PointFunction.SILU);
          assertInstanceOf(Matrix.class, Gated.rows(compute, x, x, silu));
          compute.stopRecording(mark);
          assertInstanceOf(MadeRows.class, RmsNorm.rows(compute, x, gain, EPSILON));
          assertInstanceOf(MadeRows.class, Gated.rows(compute, x, x, silu));
        });
  }

  private static void assertSame(
      Compute compute, Supplier<Matrix> fromMatrix, Supplier<Matrix> fromRows) {
    int mark = compute.mark();
    Matrix expected = fromMatrix.get();
    assertClose(compute, expected, fromRows.get());
    compute.release(mark);
  }

  /**
   * To the bit, but for the Vector API: there an element's number may depend on whether it is in
   * the last, incomplete vector of what is computed at a time, and a sum's on whether the kernel is
   * compiled yet.
   */
  private static void assertClose(Compute compute, Matrix expected, Matrix actual) {
    float tolerance = 0;
    if (compute.kernels().name().startsWith("vector")) {
      for (int i = 0; i < expected.size(); i++) {
        tolerance = Math.max(tolerance, 1e-5f * Math.abs(expected.data()[i]));
      }
    }
    assertArrayEquals(
        Arrays.copyOf(expected.data(), expected.size()),
        Arrays.copyOf(actual.data(), expected.size()),
        tolerance);
  }

  private Matrix matrix(int rows, int cols) {
    Matrix matrix = Matrix.of(rows, cols);
    System.arraycopy(gaussians(matrix.size()), 0, matrix.data(), 0, matrix.size());
    return matrix;
  }

  private float[] gaussians(int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private MatrixParameter plain(Compute compute, int rows, int cols) {
    MemorySegment values = MemorySegment.ofArray(gaussians(rows * cols));
    Tensor tensor = new Tensor("w", DType.F32, Shape.of(rows, cols), values);
    return new MatrixParameter("w", tensor, compute.kernels());
  }

  /** A matrix that has been used so often that it keeps its packed form, and so its kernel. */
  private MatrixParameter packed(Compute compute, DType dtype, int rows, int cols) {
    MemorySegment stored = Arena.ofAuto().allocate(dtype.bytesFor(rows * cols), 64);
    BlockCodec.of(dtype).encode(gaussians(rows * cols), 0, stored, 0, rows * cols);
    Tensor tensor = new Tensor("w", dtype, Shape.of(rows, cols), stored);
    MatrixParameter weight = new MatrixParameter("w", tensor, compute.kernels());
    Matrix x = Matrix.of(1, cols);
    for (int use = 0; use < 24; use++) {
      int mark = compute.mark();
      Linear.apply(compute, x, weight);
      compute.release(mark);
    }
    return weight;
  }
}
