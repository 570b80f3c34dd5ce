package dev.jandaia.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.jandaia.tensor.DType;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Compiled kernels allocate nothing. Runs in a JVM of its own: where the same process has used
 * vectors of other widths, or segments over heap arrays, the JIT compiler knows less.
 */
class SteadyStateTest {
  private static final int COLS = 256;
  private static final int ROWS = 64;
  private static final int MANY = 18;
  private static final DType[] TYPES = {
    DType.F32, DType.F16, DType.BF16, DType.Q8_0, DType.Q4_0, DType.Q4_K, DType.Q5_K, DType.Q6_K
  };

  @Test
  void compiledKernelsAllocateNothing() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                SteadyStateTest.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals("{}", out.strip(), "kernels that allocate, with bytes per call");
    assertEquals(0, process.waitFor());
  }

  /** Prints the kernels that still allocate after a while. */
  public static void main(String[] args) {
    Map<String, Runnable> kernels = kernels();
    Map<String, Long> allocated = new TreeMap<>();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    do {
      allocated.clear();
      kernels.forEach((name, kernel) -> {
        long bytes = bytesOf(kernel);
        if (bytes > 0) {
          allocated.put(name, bytes);
        }
      });
    } while (!allocated.isEmpty() && System.nanoTime() < deadline);
    System.out.println(allocated);
  }

  private static long bytesOf(Runnable kernel) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 50; i++) {
      kernel.run();
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    kernel.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private static Map<String, Runnable> kernels() {
    Kernels kernels = Kernels.best();
    Samples samples = new Samples(10);
    float[] x = samples.floats(MANY * COLS);
    float[] y = new float[MANY * COLS];
    float[] z = new float[ROWS * COLS];
    float[] table = samples.floats(COLS);
    Map<String, Runnable> all = new TreeMap<>();
    for (DType dtype : TYPES) {
      WeightMatrix w = kernels.weight(samples.matrix(dtype, ROWS, COLS));
      for (int m : new int[] {1, 4, MANY}) {
        String name = dtype + " " + m;
        all.put(name, () -> w.multiply(x, 0, COLS, m, y, 0, ROWS, 0, ROWS));
        all.put(
            name + " transposed",
            () -> w.multiplyTransposed(x, 0, COLS, m, y, 0, COLS, 0, ROWS, 0, COLS));
      }
    }
    addRounding(all, samples, y);
    addEmitted(all, samples);
    all.put(
        "outer", () -> kernels.addOuterProducts(x, 0, COLS, x, 0, COLS, MANY, z, COLS, 0, ROWS));
    all.put("dot", () -> y[0] = kernels.dot(x, 0, table, 0, COLS));
    all.put("expSum", () -> y[0] = kernels.expSum(y, 0, COLS - 1, 3));
    all.put("silu", () -> kernels.siluMultiply(x, 0, x, COLS, y, 0, COLS - 1));
    all.put("gelu", () -> kernels.geluTanhMultiply(x, 0, x, COLS, y, 0, COLS - 1));
    all.put("gain", () -> kernels.scaleByGain(x, 0, 2, table, 0, y, 0, COLS));
    all.put("halves", () -> kernels.rotateHalves(y, 0, table, table, 0, 64, 1));
    all.put("pairs", () -> kernels.rotatePairs(y, 0, table, table, 0, 64, 1));
    all.put("dots", () -> kernels.dots(table, 0, 0, 1, x, 0, COLS, MANY, COLS, y, 0, 0));
    all.put(
        "weightedSum", () -> kernels.weightedSums(table, 0, 0, 1, x, 0, COLS, MANY, COLS, y, 0, 0));
    all.put("dots of many", () -> kernels.dots(x, 0, 64, 20, x, 0, 64, 40, 64, y, 0, 40));
    all.put("sums of many", () -> kernels.weightedSums(x, 0, 40, 20, x, 0, 64, 40, 64, y, 0, 64));
    addDecoding(all, kernels, y);
    return all;
  }

  /** What caches are read with. */
  private static void addDecoding(Map<String, Runnable> all, Kernels kernels, float[] out) {
    short[] shorts = new short[COLS];
    byte[] bytes = new byte[COLS];
    float[] codebook = new float[16];
    all.put("F16 to floats", () -> kernels.halvesToFloats(shorts, 0, out, 0, COLS));
    all.put("BF16 to floats", () -> kernels.brainsToFloats(shorts, 0, out, 0, COLS));
    all.put("bytes to floats", () -> kernels.bytesToFloats(bytes, 0, 2, out, 0, COLS));
    all.put("hadamard", () -> kernels.hadamard(out, 0, 128));
    for (int bits = 1; bits <= 4; bits++) {
      PackedCodes codes = new PackedCodes(1, COLS, bits);
      all.put(bits + " bits to floats", () -> kernels.codesToFloats(codes, 0, codebook, 2, out, 0));
    }
  }

  /** Repacked rows of the Vector API. */
  private static void addRounding(Map<String, Runnable> all, Samples samples, float[] y) {
    float[] x = samples.floats(MANY * COLS);
    Kernels kernels = Kernels.named("vector");
    for (DType dtype : TYPES) {
      WeightMatrix w = kernels.weight(samples.matrix(dtype, ROWS, COLS));
      for (int m : new int[] {1, 4, MANY}) {
        String name = "rounding %s %d".formatted(dtype, m);
        all.put(name, () -> w.multiply(x, 0, COLS, m, y, 0, ROWS, 0, ROWS));
      }
    }
  }

  /** Matrices large enough for machine code, where the processor has it. */
  private static void addEmitted(Map<String, Runnable> all, Samples samples) {
    int size = 512;
    float[] x = samples.floats(30 * size);
    float[] y = new float[30 * size];
    for (DType dtype : new DType[] {DType.Q8_0, DType.Q4_K, DType.BF16}) {
      WeightMatrix w = Kernels.fastest().weight(samples.matrix(dtype, size, size));
      for (int m : new int[] {1, 30}) {
        all.put(
            "fastest %s %d".formatted(dtype, m),
            () -> w.multiply(x, 0, size, m, y, 0, size, 0, size));
      }
    }
  }
}
