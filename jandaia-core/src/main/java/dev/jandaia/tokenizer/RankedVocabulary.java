package dev.jandaia.tokenizer;

import dev.jandaia.tokenizer.BpeModel.Options;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Byte-level BPE as tiktoken and Tekken define it: a list of byte strings; two neighbours merge if
 * their concatenation is in the list, the earliest first.
 *
 * @param pieces byte strings in the {@link ByteAlphabet}, with their ids
 */
record RankedVocabulary(Map<String, Integer> pieces) {

  /** Adds the piece of an id. */
  void add(byte[] bytes, int id) {
    pieces.putIfAbsent(ByteAlphabet.spell(bytes), id);
  }

  static RankedVocabulary empty() {
    return new RankedVocabulary(new HashMap<>());
  }

  /** The model: ids are in the order of the ranks. */
  Model model() {
    int[] priorities = new int[ListedVocabulary.sizeFor(pieces.values())];
    Arrays.setAll(priorities, id -> id);
    return new BpeModel(
        Spellings.of(pieces),
        MergeTable.ofVocabulary(pieces, priorities),
        Fallback.toUnknown(OptionalInt.empty(), false),
        Options.WHOLE_FIRST);
  }

  /** All parts of a tokenizer but the roles and the template. */
  Vocabulary vocabulary(List<AddedToken> added) {
    return HfTokenizer.vocabulary(pieces, added, TokenText.byteLevel(), Normalizer.NONE);
  }
}
