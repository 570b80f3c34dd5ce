package dev.jandaia.tokenizer;

/** Words for error messages. */
final class Messages {
  private static final int LONGEST = 60;

  private Messages() {}

  /** Foreign text on one line, not too long. */
  static String shortened(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return "'" + (line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line) + "'";
  }
}
