package dev.jandaia.atlas.report;

/**
 * Emphasis on a terminal (ECMA-48), or none.
 *
 * @param colors whether there is any
 */
record Ink(boolean colors) {
  String strong(String text) {
    return wrapped("1", text);
  }

  String accent(String text) {
    return wrapped("33", text);
  }

  String faint(String text) {
    return wrapped("2", text);
  }

  private String wrapped(String code, String text) {
    return colors ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
