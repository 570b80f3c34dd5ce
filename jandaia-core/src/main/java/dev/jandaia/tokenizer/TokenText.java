package dev.jandaia.tokenizer;

import java.util.function.Function;

/**
 * What tokens stand for in a text.
 *
 * @param bytesOf the bytes of one ordinary token
 * @param addedBytesOf the bytes of one added token
 * @param leadingSpaces how many spaces at the start of a text are the tokenizer's, not the text's
 * @param addedAsFound whether an added token stands for the spelling by which it is found, rather
 *     than for its own
 */
record TokenText(
    Function<String, byte[]> bytesOf,
    Function<String, byte[]> addedBytesOf,
    int leadingSpaces,
    boolean addedAsFound) {

  /** Byte-level BPE: added tokens are spelled in plain text. */
  static TokenText byteLevel() {
    return new TokenText(ByteAlphabet::bytes, Utf8::encode, 0, false);
  }

  byte[] bytesOf(AddedToken token, Normalizer normalizer) {
    boolean asFound = addedAsFound && token.normalized();
    return addedBytesOf.apply(asFound ? normalizer.apply(token.content()) : token.content());
  }
}
