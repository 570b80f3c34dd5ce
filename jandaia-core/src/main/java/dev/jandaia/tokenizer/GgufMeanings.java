package dev.jandaia.tokenizer;

import dev.jandaia.tokenizer.GgufVocabulary.TokenType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;

/** What the tokens of a GGUF file stand for, worked out when it is asked for. */
final class GgufMeanings implements Vocabulary {
  private final GgufVocabulary vocabulary;
  private final Map<Integer, AddedToken> added = new HashMap<>();
  private final Function<String, byte[]> bytesOf;

  /**
   * Meanings of all tokens.
   *
   * @param added tokens that stand for their own spelling
   * @param bytesOf what a spelling of another token stands for
   */
  GgufMeanings(
      GgufVocabulary vocabulary, List<AddedToken> added, Function<String, byte[]> bytesOf) {
    this.vocabulary = vocabulary;
    this.bytesOf = bytesOf;
    added.forEach(token -> this.added.put(token.id(), token));
  }

  @Override
  public int size() {
    return vocabulary.size();
  }

  @Override
  public OptionalInt lookup(String token) {
    int id = vocabulary.ids().find(token);
    return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
  }

  @Override
  public String spelling(int id) {
    return vocabulary.token(require(id));
  }

  @Override
  public byte[] bytes(int id) {
    String token = spelling(id);
    if (added.containsKey(id)) {
      return Utf8.encode(token);
    }
    int b = vocabulary.type(id) == TokenType.BYTE ? Fallback.byteOf(token) : -1;
    return b >= 0 ? new byte[] {(byte) b} : bytesOf.apply(token);
  }

  @Override
  public boolean isSpecial(int id) {
    AddedToken token = added.get(require(id));
    return token != null && token.special();
  }
}
