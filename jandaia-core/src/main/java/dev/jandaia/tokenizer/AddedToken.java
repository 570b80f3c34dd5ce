package dev.jandaia.tokenizer;

/**
 * A token that is found in the text before anything else is done to it.
 *
 * @param content its spelling
 * @param special whether it is a control token, found only where markup is asked for
 * @param normalized whether it is sought in the normalised text rather than in the raw one
 * @param leftStrip whether it swallows white space before it
 * @param rightStrip whether it swallows white space after it
 * @param singleWord whether it must not touch other word characters
 */
record AddedToken(
    int id,
    String content,
    boolean special,
    boolean normalized,
    boolean leftStrip,
    boolean rightStrip,
    boolean singleWord) {

  /** A control token without peculiarities. */
  static AddedToken control(int id, String content) {
    return new AddedToken(id, content, true, false, false, false, false);
  }

  /** A token that text may contain, found in the raw text. */
  static AddedToken userDefined(int id, String content) {
    return new AddedToken(id, content, false, false, false, false, false);
  }

  AddedToken normalizedFirst() {
    return new AddedToken(id, content, special, true, leftStrip, rightStrip, singleWord);
  }

  AddedToken strippingRight() {
    return new AddedToken(id, content, special, normalized, leftStrip, true, singleWord);
  }
}
