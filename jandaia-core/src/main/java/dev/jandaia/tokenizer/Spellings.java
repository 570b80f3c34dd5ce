package dev.jandaia.tokenizer;

import java.util.Map;

/** The tokens that text may become, by spelling. */
interface Spellings {
  /** What {@link #forEachCharacter} calls. */
  interface Receiver {
    void character(int codePoint, int id);
  }

  /** The id of a token, or −1. */
  int find(String spelling);

  /** Goes through the tokens of a single character. */
  void forEachCharacter(Receiver receiver);

  static Spellings of(Map<String, Integer> ids) {
    return new Spellings() {
      @Override
      public int find(String spelling) {
        return ids.getOrDefault(spelling, -1);
      }

      @Override
      public void forEachCharacter(Receiver receiver) {
        ids.forEach((spelling, id) -> {
          if (!spelling.isEmpty() && spelling.codePointCount(0, spelling.length()) == 1) {
            receiver.character(spelling.codePointAt(0), id);
          }
        });
      }
    };
  }
}
