package dev.jandaia.tokenizer;

import dev.jandaia.tensor.JandaiaException;
import java.nio.file.Path;
import java.util.List;

/**
 * The content of a SentencePiece {@code tokenizer.model} that other formats repeat.
 *
 * @param unigram whether the likeliest segmentation counts, rather than merges by score
 * @param scores of each piece
 * @param types of each piece: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 a byte
 * @param spaceFirst whether a space is put before a text
 * @param trimmed whether runs of spaces become one, and those around a text none
 * @param charsmap the compiled normalisation; empty for none
 */
public record SentencePieceVocabulary(
    boolean unigram,
    List<Float> scores,
    List<Integer> types,
    boolean spaceFirst,
    boolean trimmed,
    List<Byte> charsmap) {

  public SentencePieceVocabulary {
    scores = List.copyOf(scores);
    types = List.copyOf(types);
    charsmap = List.copyOf(charsmap);
  }

  /**
   * Reads a {@code tokenizer.model}.
   *
   * @throws JandaiaException if it is damaged or something else
   */
  public static SentencePieceVocabulary read(Path file) {
    return SentencePieceFile.read(file).vocabulary();
  }
}
