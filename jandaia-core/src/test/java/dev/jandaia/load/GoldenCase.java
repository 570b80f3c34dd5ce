package dev.jandaia.load;

import dev.jandaia.checkpoint.SafetensorsFile;
import dev.jandaia.tensor.Tensor;
import dev.jandaia.tensor.block.BlockCodec;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** The recorded numbers of one golden case. */
final class GoldenCase implements AutoCloseable {
  private final SafetensorsFile file;

  GoldenCase(Path file) {
    this.file = SafetensorsFile.open(file);
  }

  boolean has(String name) {
    return file.tensors().containsKey(name);
  }

  Iterable<String> names() {
    return file.tensors().keySet();
  }

  Tensor tensor(String name) {
    return file.tensor(name);
  }

  float[] floats(String name) {
    Tensor tensor = file.tensor(name);
    float[] values = new float[(int) tensor.shape().elements()];
    BlockCodec.of(tensor.dtype()).decode(tensor.data(), 0, values, 0, values.length);
    return values;
  }

  /** Integer rows: {@code [B, T]}. */
  int[][] ids(String name) {
    Tensor tensor = file.tensor(name);
    int rows = (int) tensor.shape().dim(0);
    int cols = (int) tensor.shape().dim(1);
    int[][] ids = new int[rows][cols];
    for (int i = 0; i < rows * cols; i++) {
      ids[i / cols][i % cols] = (int) tensor.data().getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i);
    }
    return ids;
  }

  @Override
  public void close() {
    file.close();
  }
}
