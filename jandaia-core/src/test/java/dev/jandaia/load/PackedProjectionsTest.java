package dev.jandaia.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jandaia.Goldens;
import dev.jandaia.checkpoint.SafetensorsFile;
import dev.jandaia.checkpoint.SafetensorsWriter;
import dev.jandaia.checkpoint.TensorOutput;
import dev.jandaia.kernel.Kernels;
import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.Tensor;
import dev.jandaia.tensor.block.BlockCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checkpoints that pack several projections head by head: rows are picked out as they are stored,
 * whatever their encoding.
 */
class PackedProjectionsTest {
  @TempDir Path temporary;

  @TestFactory
  Stream<DynamicTest> rowsOfPackedProjectionsKeepTheirEncoding() {
    return Goldens.cases().stream()
        .filter(directory -> directory.getFileName().toString().equals("qwen3_next"))
        .flatMap(directory ->
            Stream.of(DType.BF16, DType.F16)
                .map(type ->
                    DynamicTest.dynamicTest(type.name(), () -> assertKept(directory, type))));
  }

  private void assertKept(Path directory, DType type) throws IOException {
    Path copy = Files.createDirectories(temporary.resolve(type.name()));
    Files.copy(directory.resolve("config.json"), copy.resolve("config.json"));
    try (SafetensorsFile file = SafetensorsFile.open(directory.resolve("model.safetensors"))) {
      SafetensorsWriter.write(
          copy.resolve("model.safetensors"),
          Map.of(),
          file.tensors().values().stream().map(tensor -> recoded(tensor, type)).toList());
    }
    try (LoadedModel loaded = LoadedModel.open(copy, Kernels.best());
        SafetensorsFile file = SafetensorsFile.open(copy.resolve("model.safetensors"))) {
      // In key head g of 2: a query and a key of 8 rows, then 2 values and 2 gates of 8 each.
      Tensor packed = file.tensor("model.layers.0.linear_attn.in_proj_qkvz.weight");
      assertRows(packed, loaded, "blocks.0.mixer.value.weight", 32, type, new int[] {16, 64});
      // Of each of 4 heads the query, then the gate.
      Tensor queries = file.tensor("model.layers.3.self_attn.q_proj.weight");
      assertRows(
          queries, loaded, "blocks.3.mixer.gate.weight", 64, type, new int[] {16, 48, 80, 112});
    }
  }

  /** The packed matrices take {@code type}, all others stay. */
  private static TensorOutput recoded(Tensor tensor, DType type) {
    boolean packed = tensor.name().matches(".*(in_proj_qkvz|q_proj)\\.weight");
    return packed ? TensorOutput.recoded(tensor, type) : TensorOutput.of(tensor);
  }

  private static void assertRows(
      Tensor stored, LoadedModel loaded, String path, int rows, DType type, int[] groups) {
    int cols = loaded.spec().hiddenSize();
    Tensor read = loaded.weights().matrix(path, rows, cols).tensor();
    assertEquals(type, read.dtype());
    int groupRows = rows / groups.length;
    float[] expected = decode(stored);
    float[] actual = decode(read);
    for (int r = 0; r < rows; r++) {
      int source = groups[r / groupRows] + r % groupRows;
      for (int c = 0; c < cols; c++) {
        assertEquals(expected[source * cols + c], actual[r * cols + c]);
      }
    }
  }

  private static float[] decode(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.shape().elements())];
    BlockCodec.of(tensor.dtype()).decode(tensor.data(), 0, values, 0, values.length);
    return values;
  }
}
