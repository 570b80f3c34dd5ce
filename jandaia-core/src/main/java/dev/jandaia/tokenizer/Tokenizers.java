package dev.jandaia.tokenizer;

import java.util.Map;

/** Makes tokenizers from the files that models come with. */
public final class Tokenizers {
  private Tokenizers() {}

  /**
   * The tokenizer inside a GGUF file.
   *
   * @param metadata the file's key-value pairs: scalars as {@code Long}, {@code Double}, {@code
   *     Boolean} or {@code String}, arrays as {@code String[]}, {@code long[]}, {@code float[]},
   *     {@code double[]} or {@code boolean[]}
   * @throws dev.jandaia.tensor.JandaiaException naming the entry that is missing or not understood
   */
  public static Tokenizer fromGguf(Map<String, Object> metadata) {
    return GgufTokenizer.read(metadata);
  }
}
