package dev.jandaia.tokenizer;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Turns text into token ids and back. Immutable and safe for use by many threads.
 *
 * <p>Ids run from 0 to {@link #vocabSize()} − 1; an id outside that range is refused with a {@link
 * dev.jandaia.tensor.JandaiaException}. Unpaired surrogates in a text count as U+FFFD.
 */
public interface Tokenizer {

  /** The ids of {@code text}; {@code specials} says what control tokens mean in it. */
  int[] encode(String text, Specials specials);

  /** The ids of {@code text} taken literally, nothing added: {@link Specials#LITERAL}. */
  default int[] encode(String text) {
    return encode(text, Specials.LITERAL);
  }

  /**
   * The text of a whole sequence: a space that the tokenizer put before the text is taken away
   * again, control tokens are written only if {@code specials} is a {@code MARKUP} value, and bytes
   * that are not UTF-8 become U+FFFD.
   */
  String decode(int[] ids, Specials specials);

  /** The text of a whole sequence without its control tokens. */
  default String decode(int[] ids) {
    return decode(ids, Specials.LITERAL);
  }

  /**
   * A decoder for tokens that arrive one at a time and continue an earlier text: it keeps a leading
   * space, and never emits half a character.
   */
  StreamingDecoder streamingDecoder(Specials specials);

  /** A streaming decoder that leaves control tokens out. */
  default StreamingDecoder streamingDecoder() {
    return streamingDecoder(Specials.LITERAL);
  }

  /** Number of ids, added and control tokens included. */
  int vocabSize();

  /** The id of the token that is spelled exactly so in the vocabulary (as {@link #token}). */
  OptionalInt lookup(String token);

  /** The vocabulary's own spelling of a token, for example {@code Ġthe} or {@code <0x0A>}. */
  String token(int id);

  /** The bytes that a token stands for inside a text. */
  byte[] bytes(int id);

  /** Whether a token is a control token: never produced from literal text. */
  boolean isSpecial(int id);

  /** The begin-of-sequence token. */
  OptionalInt bosId();

  /** The end-of-sequence token. */
  OptionalInt eosId();

  /** The token for what the vocabulary cannot express. */
  OptionalInt unknownId();

  /** The padding token. */
  OptionalInt paddingId();

  /** Every token after which generation stops: EOS, end of turn, end of message. */
  Set<Integer> endOfGeneration();

  /** Whether {@link Specials#PROMPT} puts BOS first. */
  boolean addsBos();

  /** Whether {@link Specials#PROMPT} puts EOS last. */
  boolean addsEos();

  /** The chat template (Jinja) that came with the tokenizer. */
  Optional<String> chatTemplate();
}
