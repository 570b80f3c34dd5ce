package dev.jandaia.tokenizer;

import dev.jandaia.tensor.JandaiaException;
import java.util.Collection;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** All tokens by id: spelling, bytes, and which of them are control tokens. */
interface Vocabulary {
  int size();

  OptionalInt lookup(String token);

  /** The spelling; empty for an id that the file left out. */
  String spelling(int id);

  /** The bytes; none for an id that the file left out. */
  byte[] bytes(int id);

  boolean isSpecial(int id);

  /** The ids of those of {@code names} that exist. */
  default Set<Integer> present(Collection<String> names) {
    Set<Integer> present = new TreeSet<>();
    names.forEach(name -> lookup(name).ifPresent(present::add));
    return present;
  }

  /** The id itself, if there is such a token. */
  default int require(int id) {
    if (id < 0 || id >= size()) {
      throw new JandaiaException(
          "tokenizer: token id " + id + " is outside the vocabulary of " + size());
    }
    return id;
  }
}
