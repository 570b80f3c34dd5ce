package dev.jandaia.checkpoint;

import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Tensor;
import dev.jandaia.text.TextArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A GGUF file, version 2 or 3, mapped: typed metadata, then tensors. Shapes are turned around into
 * our row-major order, the innermost axis last. Of a model in several files ({@code
 * NAME-00001-of-0000N.gguf}) any one opens all; the metadata are the first one's. Big-endian files
 * are refused.
 */
public final class GgufFile implements WeightSource {
  private final String origin;
  private final List<FileBytes> files = new ArrayList<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<String, Object> metadata = new LinkedHashMap<>();
  private GgufHeader first;

  private GgufFile(FileBytes file) {
    this.origin = file.origin();
    this.files.add(file);
    try {
      this.first = GgufHeader.parse(file);
      openParts();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    first.metadata().forEach((key, value) -> metadata.put(key, value.plain()));
  }

  /**
   * Maps a file, and the other parts of its model if there are any.
   *
   * @throws JandaiaException if a file cannot be read or is not valid GGUF
   */
  public static GgufFile open(Path path) {
    return new GgufFile(FileBytes.map(path));
  }

  /** Reads the content of a file held in memory, such as a resource; {@code origin} names it. */
  public static GgufFile of(String origin, byte[] content) {
    return new GgufFile(FileBytes.of(origin, content));
  }

  /** Whether the file begins as a GGUF file does. */
  public static boolean isGguf(Path path) {
    try (FileBytes file = FileBytes.map(path)) {
      return file.size() >= 4 && new GgufCursor(file).i32("magic") == GgufHeader.MAGIC;
    }
  }

  private void openParts() {
    GgufParts parts = GgufParts.of(origin, first.metadata());
    if (parts.isWhole()) {
      tensors.putAll(first.tensors());
      return;
    }
    for (int i = 0; i < parts.count(); i++) {
      FileBytes file = FileBytes.map(parts.path(i));
      files.add(file);
      GgufHeader header = GgufHeader.parse(file);
      parts.requirePart(i, file.origin(), header.metadata());
      first = i == 0 ? header : first;
      header.tensors().values().forEach(this::add);
    }
    parts.requireTensors(origin, tensors.size());
  }

  private void add(Tensor tensor) {
    if (tensors.put(tensor.name(), tensor) != null) {
      throw new JandaiaException(
          "%s: tensor %s: expected in one part, found in two"
              .formatted(origin, Text.quote(tensor.name())));
    }
  }

  /** The format version, 2 or 3. */
  public int version() {
    return first.version();
  }

  /**
   * The metadata in file order. Integers of every width are {@code Long} (unsigned 64-bit numbers
   * of 2^63 and more are refused on opening), floats {@code Double}, then {@code Boolean} and
   * {@code String}. Arrays are {@code long[]}, {@code double[]}, {@code boolean[]}, {@link
   * TextArray}, and {@code Object[]} for arrays of arrays.
   */
  public Map<String, Object> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  /** The metadata in file order with the file's own types, for writing it back. */
  public Map<String, GgufValue> typedMetadata() {
    return Collections.unmodifiableMap(first.metadata());
  }

  @Override
  public String origin() {
    return origin;
  }

  @Override
  public Map<String, Tensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  @Override
  public void close() {
    files.forEach(FileBytes::close);
  }
}
