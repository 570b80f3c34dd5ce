package dev.jandaia.checkpoint;

import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Named tensors from wherever they are stored: a safetensors file, a sharded directory, a GGUF
 * file. The tensors share the source's memory and must not be read after {@link #close}.
 */
public interface WeightSource extends AutoCloseable {

  /**
   * Opens whatever holds weights at {@code path}: a Hugging Face directory, a GGUF file or a
   * safetensors file; what a file is shows in its first bytes, not in its name.
   *
   * @throws JandaiaException if nothing is there or it is none of these
   */
  static WeightSource open(Path path) {
    if (Files.isDirectory(path)) {
      return HfDirectory.open(path);
    }
    return GgufFile.isGguf(path) ? GgufFile.open(path) : SafetensorsFile.open(path);
  }

  /** What errors call this source: a file or directory name. */
  String origin();

  /** Every tensor by name, in the order of the file; unmodifiable. */
  Map<String, Tensor> tensors();

  /**
   * The tensor of that name.
   *
   * @throws JandaiaException if there is none
   */
  default Tensor tensor(String name) {
    Tensor tensor = tensors().get(name);
    if (tensor == null) {
      throw new JandaiaException(
          "%s: expected a tensor %s, found none among %d"
              .formatted(origin(), Text.quote(name), tensors().size()));
    }
    return tensor;
  }

  /** Releases the memory of every tensor. */
  @Override
  void close();
}
