package dev.jandaia.template;

/**
 * A Python string. Its length and indices count code points. {@code markup} marks the result of
 * {@code |safe} or {@code |escape}: text appended to it is HTML-escaped, as markupsafe does.
 */
final class Str implements Value, Comparable<Str> {
  static final Str EMPTY = new Str("");

  private final String text;
  private final boolean markup;
  private int length = -1;

  Str(String text) {
    this(text, false);
  }

  Str(String text, boolean markup) {
    this.text = text;
    this.markup = markup;
  }

  String text() {
    return text;
  }

  boolean markup() {
    return markup;
  }

  /** The number of code points. */
  int length() {
    if (length < 0) {
      length = text.codePointCount(0, text.length());
    }
    return length;
  }

  /** The UTF-16 position of the code point at {@code index}. */
  int offset(int index) {
    return length() == text.length() ? index : text.offsetByCodePoints(0, index);
  }

  String slice(int from, int to) {
    return from >= to ? "" : text.substring(offset(from), offset(to));
  }

  @Override
  public Shape shape() {
    return Shape.ofText(text.length());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Str str && text.equals(str.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** By code point; an order also keeps hash maps fast when somebody chose colliding keys. */
  @Override
  public int compareTo(Str other) {
    return Characters.compare(text, other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
