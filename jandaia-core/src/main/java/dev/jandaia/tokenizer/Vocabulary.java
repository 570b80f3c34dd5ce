package dev.jandaia.tokenizer;

import dev.jandaia.tensor.JandaiaException;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** All tokens by id: spelling, bytes, and which of them are control tokens. */
final class Vocabulary {
  /** Ids are dense in real files; a hostile one must not make us allocate for its largest id. */
  private static final int LARGEST_ID = 1 << 24;

  private final String[] spellings;
  private final byte[][] bytes;
  private final BitSet special = new BitSet();
  private final Map<String, Integer> ids;

  private Vocabulary(int size, Map<String, Integer> ids) {
    this.spellings = new String[size];
    this.bytes = new byte[size][];
    this.ids = ids;
  }

  /** Collects the tokens of a file. */
  static final class Builder {
    private final Vocabulary vocabulary;

    Builder(int size) {
      vocabulary = new Vocabulary(size, new HashMap<>());
    }

    /** Sets a token; of equal spellings the first is the one that {@link #lookup} finds. */
    void set(int id, String spelling, byte[] meaning) {
      vocabulary.inRange(id);
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

  int size() {
    return spellings.length;
  }

  OptionalInt lookup(String token) {
    Integer id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** The spelling; empty for an id that the file left out. */
  String spelling(int id) {
    String spelling = spellings[inRange(id)];
    return spelling == null ? "" : spelling;
  }

  /** The bytes; none for an id that the file left out. */
  byte[] bytes(int id) {
    byte[] meaning = bytes[inRange(id)];
    return meaning == null ? new byte[0] : meaning;
  }

  boolean isSpecial(int id) {
    return special.get(inRange(id));
  }

  /** The ids of those of {@code names} that exist. */
  Set<Integer> present(Collection<String> names) {
    Set<Integer> present = new TreeSet<>();
    names.forEach(name -> lookup(name).ifPresent(present::add));
    return present;
  }

  private int inRange(int id) {
    if (id < 0 || id >= spellings.length) {
      throw new JandaiaException(
          "tokenizer: token id " + id + " is outside the vocabulary of " + spellings.length);
    }
    return id;
  }
}
