package dev.jandaia.template;

/** The escapes of a Python string literal. */
final class StringLiteral {
  private final String body;
  private final int line;
  private final StringBuilder text = new StringBuilder();
  private int position;

  private StringLiteral(String body, int line) {
    this.body = body;
    this.line = line;
  }

  /** The string that {@code body}, which stood between quotes, denotes. */
  static String unescape(String body, int line) {
    return body.indexOf('\\') < 0 ? body : new StringLiteral(body, line).run();
  }

  private String run() {
    while (position < body.length()) {
      char c = body.charAt(position++);
      if (c == '\\') {
        escape();
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private void escape() {
    int c = body.codePointAt(position);
    position += Character.charCount(c);
    switch (c) {
      case '\n' -> {}
      case '\\', '\'', '"' -> text.append((char) c);
      case 'a' -> text.append('\u0007');
      case 'b' -> text.append('\b');
      case 'f' -> text.append('\f');
      case 'n' -> text.append('\n');
      case 'r' -> text.append('\r');
      case 't' -> text.append('\t');
      case 'v' -> text.append('\u000b');
      case 'x' -> hex(2);
      case 'u' -> hex(4);
      case 'U' -> hex(8);
      case 'N' -> named();
      case '0', '1', '2', '3', '4', '5', '6', '7' -> octal();
      // Jinja writes non-ASCII characters as escapes first, so the two backslashes become one.
      default -> text.append(c < 128 ? "\\" + Character.toString(c) : Repr.hexEscape(c));
    }
  }

  private void hex(int digits) {
    int end = position + digits;
    int code = end <= body.length() ? parse(body.substring(position, end)) : -1;
    if (code < 0 || code > Character.MAX_CODE_POINT) {
      throw new TemplateError("truncated or illegal \\x, \\u or \\U escape in a string", line);
    }
    text.appendCodePoint(code);
    position = end;
  }

  private static int parse(String digits) {
    if (!digits.matches("[0-9a-fA-F]+")) {
      return -1;
    }
    return (int) Math.min(Long.parseLong(digits, 16), Integer.MAX_VALUE);
  }

  private void octal() {
    int end = position;
    while (end < body.length()
        && end < position + 2
        && body.charAt(end) >= '0'
        && body.charAt(end) <= '7') {
      end++;
    }
    text.append((char) Integer.parseInt(body.substring(position - 1, end), 8));
    position = end;
  }

  private void named() {
    int end = body.indexOf('}', position);
    if (!body.startsWith("{", position) || end < 0) {
      throw new TemplateError("malformed \\N character escape", line);
    }
    try {
      text.appendCodePoint(Character.codePointOf(body.substring(position + 1, end)));
    } catch (IllegalArgumentException e) {
      throw new TemplateError("unknown Unicode character name", line);
    }
    position = end + 1;
  }
}
