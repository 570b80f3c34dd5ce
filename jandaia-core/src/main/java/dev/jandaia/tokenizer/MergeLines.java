package dev.jandaia.tokenizer;

import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.text.TextArray;

/**
 * Merges that a file lists, two tokens in a line, the most urgent first; lines whose tokens do not
 * all exist do not count. A short text finds its pairs among the lines themselves. Who asks more
 * often gets a table of ids, which takes as long to make as some hundred thousand such questions.
 */
final class MergeLines implements Merges {
  /** Questions before the table is made. */
  private static final int FEW = 1 << 14;

  private final String name;
  private final TextArray tokens;
  private final SpellingTable ids;
  private final TextArray lines;
  private final SpellingTable numbers;

  private int asked;
  private volatile MergeTable table;

  /**
   * @param name of the list, for messages
   * @param ids of the tokens
   */
  MergeLines(String name, TextArray lines, TextArray tokens, SpellingTable ids) {
    this.name = name;
    this.lines = lines;
    this.tokens = tokens;
    this.ids = ids;
    for (int line = 0; line < lines.size(); line++) {
      cut(line);
    }
    numbers = SpellingTable.of(lines);
  }

  private int cut(int line) {
    return cut(name, lines, line);
  }

  /** Where the space is between the two parts of a merge; the first may itself start with one. */
  static int cut(String name, TextArray lines, int line) {
    byte[] bytes = lines.bytes();
    for (int at = lines.start(line) + 1; at < lines.end(line); at++) {
      if (bytes[at] == ' ') {
        return at;
      }
    }
    throw new JandaiaException(
        name + ": expected two parts, found " + Messages.shortened(lines.get(line)));
  }

  @Override
  public int find(int left, int right) {
    MergeTable made = table;
    if (made == null && asked++ > FEW) { // it does not matter if threads count wrong
      made = makeTable();
    }
    return made == null ? findLine(left, right) : made.find(left, right);
  }

  @Override
  public int priority(int line) {
    return line;
  }

  @Override
  public int result(int line) {
    int cut = cut(line);
    return ids.find(lines.bytes(), lines.start(line), cut, cut + 1, lines.end(line));
  }

  private int findLine(int left, int right) {
    if (left < 0 || right < 0) {
      return -1;
    }
    int leftBytes = tokens.end(left) - tokens.start(left);
    int rightBytes = tokens.end(right) - tokens.start(right);
    byte[] text = new byte[leftBytes + 1 + rightBytes];
    System.arraycopy(tokens.bytes(), tokens.start(left), text, 0, leftBytes);
    text[leftBytes] = ' ';
    System.arraycopy(tokens.bytes(), tokens.start(right), text, leftBytes + 1, rightBytes);
    int line = numbers.find(text, 0, text.length);
    boolean found =
        line >= 0
            && cut(line) - lines.start(line) == leftBytes
            && left(line) == left
            && right(line) == right
            && result(line) >= 0;
    return found ? line : -1;
  }

  private int left(int line) {
    return ids.find(lines.bytes(), lines.start(line), cut(line));
  }

  private int right(int line) {
    return ids.find(lines.bytes(), cut(line) + 1, lines.end(line));
  }

  private synchronized MergeTable makeTable() {
    if (table == null) {
      MergeTable.Builder merges = new MergeTable.Builder(lines.size());
      for (int line = 0; line < lines.size(); line++) {
        merges.add(left(line), right(line), result(line));
      }
      table = merges.build();
    }
    return table;
  }
}
