package dev.jandaia.tokenizer;

import dev.jandaia.tensor.JandaiaException;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/** Tokens that were collected one by one. */
final class ListedVocabulary implements Vocabulary {
  /** Ids are dense in real files; a hostile one must not make us allocate for its largest id. */
  private static final int LARGEST_ID = 1 << 24;

  private final String[] spellings;
  private final byte[][] bytes;
  private final BitSet special = new BitSet();
  private final Map<String, Integer> ids;

  private ListedVocabulary(int size, Map<String, Integer> ids) {
    this.spellings = new String[size];
    this.bytes = new byte[size][];
    this.ids = ids;
  }

  /** Collects the tokens of a file. */
  static final class Builder {
    private final ListedVocabulary vocabulary;

    Builder(int size) {
      vocabulary = new ListedVocabulary(size, new HashMap<>());
    }

    /** Sets a token; of equal spellings the first is the one that {@link #lookup} finds. */
    void set(int id, String spelling, byte[] meaning) {
      vocabulary.require(id);
      vocabulary.spellings[id] = spelling;
      vocabulary.bytes[id] = meaning;
      vocabulary.ids.putIfAbsent(spelling, id);
    }

    /** Sets an added token, which stands for its own spelling. */
    void add(AddedToken token) {
      add(token, Utf8.encode(token.content()));
    }

    /** Sets an added token. */
    void add(AddedToken token, byte[] meaning) {
      set(token.id(), token.content(), meaning);
      vocabulary.special.set(token.id(), token.special());
    }

    Vocabulary build() {
      return vocabulary;
    }
  }

  /** The size that holds all of {@code ids}. */
  static int sizeFor(Collection<Integer> ids) {
    int largest = -1;
    for (int id : ids) {
      largest = Math.max(largest, checked(id));
    }
    return largest + 1;
  }

  private static int checked(int id) {
    if (id < 0 || id > LARGEST_ID) {
      throw new JandaiaException(
          "tokenizer: token ids must be from 0 to " + LARGEST_ID + ", found " + id);
    }
    return id;
  }

  @Override
  public int size() {
    return spellings.length;
  }

  @Override
  public OptionalInt lookup(String token) {
    Integer id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  @Override
  public String spelling(int id) {
    String spelling = spellings[require(id)];
    return spelling == null ? "" : spelling;
  }

  @Override
  public byte[] bytes(int id) {
    byte[] meaning = bytes[require(id)];
    return meaning == null ? new byte[0] : meaning;
  }

  @Override
  public boolean isSpecial(int id) {
    return special.get(require(id));
  }
}
