package dev.jandaia.checkpoint;

import dev.jandaia.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;

/**
 * A safetensors file, mapped: eight bytes of header length, a JSON header, then the data of all
 * tensors without gaps. Anything that departs from this is refused on opening.
 */
public final class SafetensorsFile implements WeightSource {
  private final FileBytes file;
  private final SafetensorsHeader header;

  private SafetensorsFile(FileBytes file) {
    this.file = file;
    try {
      this.header = SafetensorsHeader.parse(file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Maps a file.
   *
   * @throws dev.jandaia.tensor.JandaiaException if it cannot be read or is not valid safetensors
   */
  public static SafetensorsFile open(Path path) {
    return new SafetensorsFile(FileBytes.map(path));
  }

  /** Reads the content of a file held in memory, such as a resource; {@code origin} names it. */
  public static SafetensorsFile of(String origin, byte[] content) {
    return new SafetensorsFile(FileBytes.of(origin, content));
  }

  /** The header's {@code __metadata__}: free strings, empty when the file has none. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  @Override
  public String origin() {
    return file.origin();
  }

  @Override
  public Map<String, Tensor> tensors() {
    return header.tensors();
  }

  @Override
  public void close() {
    file.close();
  }
}
