package dev.jandaia.checkpoint;

import dev.jandaia.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A GGUF file, version 2 or 3, mapped: typed metadata, then tensors. Shapes are turned around into
 * our row-major order, the innermost axis last. Big-endian files are refused.
 */
public final class GgufFile implements WeightSource {
  private final FileBytes file;
  private final GgufHeader header;
  private final Map<String, Object> metadata = new LinkedHashMap<>();

  private GgufFile(FileBytes file) {
    this.file = file;
    try {
      this.header = GgufHeader.parse(file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
    header.metadata().forEach((key, value) -> metadata.put(key, value.plain()));
  }

  /**
   * Maps a file.
   *
   * @throws dev.jandaia.tensor.JandaiaException if it cannot be read or is not valid GGUF
   */
  public static GgufFile open(Path path) {
    return new GgufFile(FileBytes.map(path));
  }

  /** Reads the content of a file held in memory, such as a resource; {@code origin} names it. */
  public static GgufFile of(String origin, byte[] content) {
    return new GgufFile(FileBytes.of(origin, content));
  }

  /** The format version, 2 or 3. */
  public int version() {
    return header.version();
  }

  /**
   * The metadata in file order. Integers of every width are {@code Long} (unsigned 64-bit numbers
   * of 2^63 and more are refused on opening), floats {@code Double}, then {@code Boolean} and
   * {@code String}. Arrays are {@code long[]}, {@code double[]}, {@code boolean[]}, {@code
   * String[]}, and {@code Object[]} for arrays of arrays.
   */
  public Map<String, Object> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  /** The metadata in file order with the file's own types, for writing it back. */
  public Map<String, GgufValue> typedMetadata() {
    return Collections.unmodifiableMap(header.metadata());
  }

  @Override
  public String origin() {
    return file.origin();
  }

  @Override
  public Map<String, Tensor> tensors() {
    return Collections.unmodifiableMap(header.tensors());
  }

  @Override
  public void close() {
    file.close();
  }
}
